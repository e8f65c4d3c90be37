import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ahead } from "./api/early";
import { askFirst, makeQueryClient, shopsQuery } from "./api/questions";
import { App } from "./app/App";
import { pageAt } from "./app/routes";
import { sessionQuery } from "./app/session";
import { preferredLanguage } from "./state/prefs";
import { parseView } from "./state/view";
import { catalogue } from "./words/catalogue";

const queries = makeQueryClient();
const view = parseView(location.search);
const language = view.lang ?? preferredLanguage(navigator.languages);

// All of it was asked for by first.ts. The page is drawn once, with its figures, where they come in time; where they do not, it is drawn
// with the room that they will take.
const waitMs = 500;
async function all(): Promise<void> {
  const page = pageAt(location.pathname);
  await Promise.allSettled([
    queries.prefetchQuery(sessionQuery),
    queries.prefetchQuery(shopsQuery).then(() => ahead.done).then(() => page && askFirst(queries, page.name, view, language)),
    page?.part.load(),
    catalogue(language),
  ]);
}
const late = new Promise((go) => setTimeout(go, waitMs));
await Promise.race([location.pathname === "/welcome" ? catalogue(language) : all(), late]);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App queries={queries} />
  </StrictMode>,
);
