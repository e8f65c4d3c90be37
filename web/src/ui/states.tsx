// What stands where an answer is not there yet, cannot be, or went wrong.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { ApiError } from "../api/client";
import type { Key } from "../words/catalogue";
import { english } from "../words/catalogue";
import { LinksOf } from "../state/use_view";
import { useProblem } from "../words/problems";
import { useWords } from "../words/words";
import { FilterBar } from "./FilterBar";

export function Empty(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <section className="card empty">
      <h2>{props.title}</h2>
      {props.children && <p>{props.children}</p>}
      {props.action}
    </section>
  );
}

// The catalogue's words for an error's code and reason, else the server's own.
export function useErrorWords(error: unknown): { title: string; detail: string | null; hint: string | null } {
  const { t } = useWords();
  const problem = useProblem(error);
  if (!(error instanceof ApiError)) return { title: t("error.page"), detail: null, hint: t("error.page.hint") };
  const key = `error.${error.code}`;
  const title = key in english ? t(key as Key, { seconds: error.retryAfter ?? 60 }) : error.status >= 500 ? t("error.server") : t("error.refused");
  const hintKey = `${key}.hint`;
  const hint = hintKey in english ? t(hintKey as Key) : null;
  // Not yet there: better nothing than a flash of another language.
  if (problem === undefined) return { title, detail: null, hint };
  if (problem === null) return { title, detail: error.message || null, hint: hint ?? error.hint };
  return { title, detail: problem.what === title ? null : problem.what, hint: hint ?? problem.wayOut };
}

// What happened, why, what to do; what was typed stays.
export function ErrorBox(props: { error: unknown; retry?: () => void }) {
  const { t } = useWords();
  const { title, detail, hint } = useErrorWords(props.error);
  return (
    <section className="wrong" role="alert">
      <h2>{title}</h2>
      {detail && <p>{detail}</p>}
      {hint && <p>{hint}</p>}
      {props.retry && (
        <button type="button" className="button" onClick={props.retry}>
          {t("error.again")}
        </button>
      )}
    </section>
  );
}

const pageHeight = 800; // of a page of figures: its sentence, its cards, its chart

// The shape of what will come, and only where it takes longer than 300 ms.
export function Skeleton(props: { height: number }) {
  const { t } = useWords();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div style={{ height: props.height }} className={late ? (props.height >= pageHeight ? "stack" : "skeleton") : undefined} aria-busy="true">
      {late && <span className="hidden" role="status">{t("loading")}</span>}
      {late && props.height >= pageHeight && (
        <>
          <div className="skeleton" style={{ height: 40, maxWidth: 640 }} />
          <div className="skeleton" style={{ height: 16, maxWidth: 480 }} />
          <div className="grid-cards">
            {[1, 2, 3, 4, 5].map((card) => (
              <div key={card} className="skeleton" style={{ height: 144 }} />
            ))}
          </div>
          <div className="skeleton" style={{ flex: 1 }} />
        </>
      )}
    </div>
  );
}

// A query's answer, or what stands in its place: under `title`, where the page's own head comes only with the answer.
export function Loaded<T>(props: { query: { data: T | undefined; error: unknown; isPlaceholderData?: boolean }; height: number; title?: string; children: (data: T) => ReactNode }) {
  const queries = useQueryClient();
  const { data, error } = props.query;
  if (data !== undefined && !error) return <LinksOf standing={props.query.isPlaceholderData ?? false}>{props.children(data)}</LinksOf>;
  return (
    <>
      {props.title !== undefined && <h1>{props.title}</h1>}
      {/* A page that has no head yet still lets go of what it cannot be counted by. */}
      {props.title !== undefined && error instanceof ApiError && error.field === "basis" && <FilterBar show={["basis"]} />}
      {/* What failed together is asked again together. */}
      {error ? <ErrorBox error={error} retry={() => void queries.refetchQueries({ type: "active", predicate: (query) => query.state.status === "error" })} /> : <Skeleton height={props.height} />}
    </>
  );
}
