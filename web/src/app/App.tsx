// What holds for all pages: language, scheme, the session, the server's answers.
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useCallback } from "react";
import { Route, Switch } from "wouter";
import { askFirst, ShopProvider } from "../api/questions";
import { preferredLanguage, preferredTheme } from "../state/prefs";
import { useView, ViewProvider } from "../state/use_view";
import type { View } from "../state/view";
import { SchemeContext } from "../ui/look";
import { usePaper } from "../ui/paper";
import { applyScheme, darkSystem, schemeOf } from "../ui/scheme";
import { useMedia } from "../ui/use_media";
import { WordsProvider } from "../words/words";
import { pageAt } from "./routes";
import { SessionGate } from "./session";
import { Shell } from "./Shell";
import { Welcome } from "./Welcome";

export function App(props: { queries: QueryClient }) {
  const { queries } = props;
  const coming = useCallback(
    (view: View) => {
      const page = pageAt(location.pathname);
      // A table of cohorts in another mode is another question.
      if (page && !new URLSearchParams(location.search).has("mode")) void askFirst(queries, page.name, view, view.lang ?? preferredLanguage(navigator.languages));
    },
    [queries],
  );
  return (
    <ViewProvider coming={coming}>
      <Looked queries={queries} />
    </ViewProvider>
  );
}

function Looked(props: { queries: QueryClient }) {
  const { view, search } = useView();
  const systemIsDark = useMedia(darkSystem);
  const wanted = view.theme ?? preferredTheme();
  const onPaper = usePaper();
  const scheme = onPaper ? "light" : schemeOf(wanted, systemIsDark);
  const language = view.lang ?? preferredLanguage(navigator.languages);
  applyScheme(scheme);
  return (
    <QueryClientProvider client={props.queries}>
      <SchemeContext.Provider value={scheme}>
        <WordsProvider language={language} strange={search.get("lang") === "xx"}>
          <Switch>
            <Route path="/welcome">
              <Welcome />
            </Route>
            <Route>
              <SessionGate>
                <ShopProvider>
                  <Shell language={language} theme={wanted} />
                </ShopProvider>
              </SessionGate>
            </Route>
          </Switch>
        </WordsProvider>
      </SchemeContext.Provider>
    </QueryClientProvider>
  );
}
