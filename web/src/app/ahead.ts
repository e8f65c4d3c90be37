// What is fetched before it is asked for: the other pages' files when the first page stands, and a page's figures while the pointer or
// the focus is on the link to it.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { askFirst } from "../api/questions";
import { useView } from "../state/use_view";
import { useWords } from "../words/words";
import { type Page, pages } from "./routes";

const quietly = () => undefined; // what cannot be fetched now is fetched when it is wanted, and says so then

export function useAhead(): (page: Page) => void {
  const queries = useQueryClient();
  const { view } = useView();
  const { language } = useWords();
  useEffect(() => {
    let timer = 0;
    // The reader's own page comes first: while it asks, nothing else is asked.
    const look = () => {
      if (queries.isFetching() > 0) return void (timer = window.setTimeout(look, 250));
      for (const page of pages) void page.part.load().catch(quietly);
      void import("../ui/chart_engine").catch(quietly);
    };
    timer = window.setTimeout(look, 500);
    return () => clearTimeout(timer);
  }, [queries]);
  return useCallback(
    (page) => {
      void page.part.load().catch(quietly);
      void askFirst(queries, page.name, view, language).catch(quietly);
    },
    [queries, view, language],
  );
}
