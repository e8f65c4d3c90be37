// At the foot of a page: which revision its answers are of, what they were made from and how long that took.
import { notifyManager, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { tookTogether } from "../api/took";
import { useWords } from "../words/words";

export function AnswerTook() {
  const { t, formats } = useWords();
  const cache = useQueryClient().getQueryCache();
  const took = useSyncExternalStore(
    useCallback((changed) => cache.subscribe(notifyManager.batchCalls(changed)), [cache]),
    () => tookTogether(cache.findAll({ type: "active", predicate: (query) => query.state.status === "success" }).map((query) => query.queryHash)),
  );
  if (!took) return null;
  const { revision, orders, events, again } = took;
  return <p className="took no-print">{t(again ? "took.again" : "took", { revision: String(revision), orders, events, time: formats.milliseconds(took.ms) })}</p>;
}
