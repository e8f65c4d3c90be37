// The first module of the page, and a small one. What the first figure needs is on its way before the rest of the script has come: who
// is signed in, the shops, the page's own file and its words, and then the question that the page will ask. Then the rest is started.
import { chooseShop, firstQuestions } from "../api/asked";
import { address } from "../api/contract";
import type { Schemas } from "../api/contract";
import { ahead, askEarly } from "../api/early";
import { preferredLanguage, preferredTheme } from "../state/prefs";
import { parseView } from "../state/view";
import { applyScheme, darkSystem, schemeOf } from "../ui/scheme";
import { further } from "../words/languages";
import { pageAt } from "./routes";
import "../ui/look.css";
import "../ui/print.css";

const view = parseView(location.search);
const language = view.lang ?? preferredLanguage(navigator.languages);
applyScheme(schemeOf(view.theme ?? preferredTheme(), matchMedia(darkSystem).matches));
const page = pageAt(location.pathname);

async function askAhead(): Promise<void> {
  void askEarly(address("/api/v1/session", {})).catch(() => undefined);
  const answer = await askEarly(address("/api/v1/shops", {}));
  if (!answer.ok || !page) return;
  const shop = chooseShop(((await answer.json()) as Schemas["Shops"]).rows, view.shop);
  if (shop) {
    for (const { path, params } of firstQuestions(page.name, view, shop, language)) void askEarly(address(path, params)).catch(() => undefined);
  }
}

// What goes wrong here is asked for again by the page, which says what is wrong.
if (location.pathname !== "/welcome") {
  ahead.done = askAhead().catch(() => undefined);
  void page?.part.load().catch(() => undefined);
}
if (language !== "en") void further[language]().catch(() => undefined);
void import("../main");
