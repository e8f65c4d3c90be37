// An import, or the taking back of one, on its way: how far it is, how it ended, and what to do then.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { errorOf } from "../../api/client";
import { cancelJob, outcomeOf } from "../../api/imports";
import { ended, type Job, useJob } from "../../api/jobs";
import { useView } from "../../state/use_view";
import { ErrorBox, Skeleton } from "../../ui/states";
import { useWords } from "../../words/words";
import { Bridge } from "./Bridge";
import { Gone } from "./Gone";

export default function JobView(props: { id: string; again: () => void }) {
  const job = useJob(props.id);
  const queries = useQueryClient();
  const over = ended(job.data);
  useEffect(() => {
    // Every figure may be another one now.
    if (over) void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "job" });
  }, [over, queries]);

  if (job.error && job.error.status === 404) return <Gone again={props.again} />;
  if (job.error && !job.data) return <ErrorBox error={job.error} retry={() => void job.refetch()} />;
  if (!job.data) return <Skeleton height={240} />;
  return over ? <Ended job={job.data} again={props.again} /> : <Running job={job.data} />;
}

function Running(props: { job: Job }) {
  const { t, formats } = useWords();
  const { job } = props;
  const [problem, setProblem] = useState<unknown>(null);
  const undoing = job.kind === "undo";
  const shown = (n: number) => (job.unit === "bytes" ? formats.bytes(n) : formats.count(n));
  return (
    <section className="card stack">
      <h2>{job.state === "waiting" ? t("import.waiting") : undoing ? t("import.undo_doing") : t("import.running")}</h2>
      <p className="soft">{job.title}</p>
      {job.total > 0 ? <progress className="progress" value={job.done} max={job.total} aria-label={t("import.progress_label")} /> : <progress className="progress" aria-label={t("import.progress_label")} />}
      {job.total > 0 && <p className="small soft">{t("import.progress", { done: shown(job.done), total: shown(job.total) })}</p>}
      <p className="small soft">{t("import.survives")}</p>
      {problem !== null && <ErrorBox error={problem} />}
      <div>
        <button type="button" className="button" onClick={() => void cancelJob(job.id).catch(setProblem)}>
          {t("import.cancel")}
        </button>
      </div>
    </section>
  );
}

function Ended(props: { job: Job; again: () => void }) {
  const { t, language } = useWords();
  const { href } = useView();
  const { job, again } = props;
  const outcome = outcomeOf(job);
  if (job.state !== "done") {
    const words = job.state === "cancelled" ? t("import.cancelled") : job.state === "interrupted" ? t("import.interrupted") : t("import.failed");
    return (
      <section className="card stack" role="alert">
        <h2>{words}</h2>
        {job.state === "failed" && job.error && <ErrorBox error={errorOf(422, { error: job.error })} />}
        <div>
          <button type="button" className="button primary" onClick={again}>
            {t("import.other_file")}
          </button>
        </div>
      </section>
    );
  }
  if (outcome === null) {
    return (
      <section className="card stack" role="status">
        <h2>{t("import.undo_done", { file: job.title })}</h2>
        <div>
          <button type="button" className="button" onClick={again}>
            {t("import.other_file")}
          </button>
        </div>
      </section>
    );
  }
  const { import: row, rejected, notices } = outcome;
  const unknown = notices.find((notice) => notice.key.includes("unknown_status"));
  const nothing = row.added === 0 && row.changed === 0;
  return (
    <section className="card stack">
      <div role="status">
        <h2>{nothing ? t("import.done_nothing", { file: row.file }) : t("import.done", { file: row.file })}</h2>
      </div>
      <div className="row">
        <Link className="button primary" href={href("/", {}, { shop: "own" })}>
          {t("import.see_numbers")}
        </Link>
        <button type="button" className="button" onClick={again}>
          {t("import.other_file")}
        </button>
        {/* What the file's words mean is said there, and counts at once. */}
        {unknown !== undefined && (
          <Link className="button" href={href("/settings", { status: unknown.subjects[0] }, { shop: "own" })}>
            {t("today.mend.settings")}
          </Link>
        )}
        {rejected.count > 0 && (
          <a className="button" href={`/api/v1/imports/${row.id}/rejected?lang=${language}`} download>
            {t("import.rejected_download")}
          </a>
        )}
      </div>
      <Bridge outcome={outcome} />
    </section>
  );
}
