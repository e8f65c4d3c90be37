// What holds for all pages: language, scheme, the session, the server's answers.
import { createTheme, MantineProvider, type MantineColorsTuple } from "@mantine/core";
import { useColorScheme } from "@mantine/hooks";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { Route, Switch } from "wouter";
import { ShopProvider } from "../api/questions";
import { preferredLanguage, preferredTheme } from "../state/prefs";
import { useView, ViewProvider } from "../state/use_view";
import { applyScheme, SchemeContext } from "../ui/look";
import { WordsProvider } from "../words/words";
import { SessionGate } from "./session";
import { Shell } from "./Shell";
import { Welcome } from "./Welcome";

const blue: MantineColorsTuple = ["#eef4fd", "#dbe8fa", "#b4cff4", "#8ab4ee", "#669ee8", "#4f8fe5", "#3a7bd5", "#1f5fbf", "#184d9c", "#103b7b"];
const theme = createTheme({
  primaryColor: "blue",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  colors: { blue },
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: 6,
  respectReducedMotion: true,
});

// Paper is light, and what is drawn is drawn again for it before the page is laid out.
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const media = matchMedia("print");
    const follow = () => flushSync(() => setPrinting(media.matches));
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    media.addEventListener("change", follow);
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      media.removeEventListener("change", follow);
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, []);
  return printing;
}

export function App(props: { queries: QueryClient }) {
  return (
    <ViewProvider>
      <Looked queries={props.queries} />
    </ViewProvider>
  );
}

function Looked(props: { queries: QueryClient }) {
  const { view, search } = useView();
  const system = useColorScheme();
  const wanted = view.theme ?? preferredTheme();
  const onPaper = usePrinting();
  const scheme = onPaper ? "light" : wanted === "system" ? system : wanted;
  const language = view.lang ?? preferredLanguage(navigator.languages);
  applyScheme(scheme);
  return (
    <QueryClientProvider client={props.queries}>
      <MantineProvider theme={theme} forceColorScheme={scheme} withCssVariables withGlobalClasses={false}>
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
      </MantineProvider>
    </QueryClientProvider>
  );
}
