// What is done for somebody at this moment: an import, a trial, the taking back of one, a report. Whoever closed the page finds it
// again here, with how far it is. One is done after the other, so that only the oldest moves: that one is followed.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ended, type Job, useJob, useJobs } from "../../api/jobs";
import { ordersOf } from "../../api/reports";
import { useMay } from "../../app/session";
import { useView } from "../../state/use_view";
import { To } from "../../ui/To";
import { english, type Key } from "../../words/catalogue";
import { useWords } from "../../words/words";

// A backup is watched in the settings.
const shown = (job: Job) => !ended(job) && job.kind !== "backup";

export function UnderWay() {
  const { t } = useWords();
  const { href } = useView();
  const queries = useQueryClient();
  const jobs = (useJobs(true).data?.rows ?? []).filter((job) => !ended(job)).reverse();
  const first = useJob(jobs[0]?.id ?? null).data;
  // A report that came to its end while it was looked at is not simply gone.
  const [made, setMade] = useState<readonly Job[]>([]);
  useEffect(() => {
    if (first === undefined || !ended(first)) return;
    if (ordersOf(first) !== null) setMade((all) => (all.some((job) => job.id === first.id) ? all : [...all, first]));
    // Every figure may be another one now.
    const only = first.kind === "report" || first.kind === "dry_run";
    void queries.invalidateQueries(only ? { queryKey: ["jobs"] } : { predicate: (query) => query.queryKey[0] !== "job" });
  }, [first, queries]);

  const now = jobs.map((job) => (job.id === first?.id ? first : job)).filter(shown);
  if (now.length === 0 && made.length === 0) return null;
  return (
    <section className="card" aria-labelledby="under-way">
      <h3 id="under-way">{t("import.under_way")}</h3>
      <ul className="todo plain">
        {made.map((job) => (
          <li key={job.id}>
            <p role="status">
              <bdi>{t("import.look.ready", { file: job.title })}</bdi>
            </p>
            <div />
            <To className="button" href={href("/import", { report: job.id })} aria-label={`${t("import.watch")}: ${t("import.look.ready", { file: job.title })}`}>
              {t("import.watch")}
            </To>
          </li>
        ))}
        {now.map((job) => (
          <Doing key={job.id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function Doing(props: { job: Job }) {
  const { t, formats } = useWords();
  const { href } = useView();
  const may = useMay();
  const { job } = props;
  // A newer server may know kinds that this page has no word for.
  const key = `import.doing.${job.kind}`;
  const says = key in english ? t(key as Key, { file: job.title }) : job.title;
  const to = job.kind === "report" ? { report: job.id } : job.kind === "dry_run" ? { files: job.uploads.join(".") } : { job: job.id };
  return (
    <li>
      <div className="stack">
        <p>
          <bdi>{says}</bdi>
        </p>
        {job.state === "running" ? <progress className="progress" {...(job.total > 0 && { value: job.done, max: job.total })} aria-label={says} /> : <p className="small soft">{t("import.doing_waits")}</p>}
      </div>
      <div className="worth small soft">{job.state === "running" && job.total > 0 && t("import.progress", { done: formats.bytes(job.done), total: formats.bytes(job.total) })}</div>
      {may.write && (
        <To className="button" href={href("/import", to)} aria-label={`${t("import.watch")}: ${says}`}>
          {t("import.watch")}
        </To>
      )}
    </li>
  );
}
