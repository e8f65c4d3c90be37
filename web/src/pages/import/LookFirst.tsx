// A report of files of which nothing is imported: how far it is, and when it is made, its page. That opens by itself for who waited.
import { useEffect, useRef, useState } from "react";
import { errorOf } from "../../api/client";
import { cancelJob } from "../../api/imports";
import { ended, type Job, useJob } from "../../api/jobs";
import { ordersOf, removeReport, reportPage, wasAwaited } from "../../api/reports";
import { announce } from "../../app/announce";
import { ErrorBox, Skeleton } from "../../ui/states";
import { useWords } from "../../words/words";
import type { Place } from "./address";
import { Gone } from "./Gone";

type Go = (change: Partial<Place>, replace?: boolean) => void;

export default function LookFirst(props: { id: string; go: Go }) {
  const { id, go } = props;
  const job = useJob(id);
  const waited = useRef(false);
  const made = ordersOf(job.data) !== null;
  const over = ended(job.data);
  useEffect(() => {
    if (job.data && !over) waited.current = true;
    if (!made) return;
    // Who comes back to this page is not sent away again.
    const here = wasAwaited(id) || waited.current;
    waited.current = false;
    if (here) location.assign(reportPage(id));
  }, [id, job.data, over, made]);
  if (job.error && job.error.status === 404) return <Gone again={() => go({ report: null, uploads: [] })} />;
  if (job.error && !job.data) return <ErrorBox error={job.error} retry={() => void job.refetch()} />;
  if (!job.data) return <Skeleton height={240} />;
  if (!over) return <Making job={job.data} />;
  return made ? <Made job={job.data} go={go} /> : <NotMade job={job.data} back={() => go({ report: null, uploads: job.data.uploads })} />;
}

function Making(props: { job: Job }) {
  const { t, formats } = useWords();
  const { job } = props;
  const [problem, setProblem] = useState<unknown>(null);
  return (
    <section className="card stack" aria-busy="true">
      <h2>{job.state === "waiting" ? t("import.look.waiting") : t("import.look.making")}</h2>
      <p className="soft">
        <bdi>{job.title}</bdi>
      </p>
      {job.total > 0 ? <progress className="progress" value={job.done} max={job.total} aria-label={t("import.look.progress_label")} /> : <progress className="progress" aria-label={t("import.look.progress_label")} />}
      {job.total > 0 && <p className="small soft">{t("import.progress", { done: formats.bytes(job.done), total: formats.bytes(job.total) })}</p>}
      <p className="small soft">{t("import.survives")}</p>
      {problem !== null && <ErrorBox error={problem} />}
      <div>
        <button type="button" className="button" onClick={() => void cancelJob(job.id).catch(setProblem)}>
          {t("import.look.stop")}
        </button>
      </div>
    </section>
  );
}

function Made(props: { job: Job; go: Go }) {
  const { t } = useWords();
  const { job, go } = props;
  const [removing, setRemoving] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const remove = async () => {
    setRemoving(true);
    setProblem(null);
    try {
      await removeReport(job.id, job.uploads);
      announce(t("import.look.removed"));
      go({ report: null, uploads: [], map: null, dateFormat: null, decimal: null, currency: null }, true);
    } catch (error) {
      setProblem(error);
      setRemoving(false);
    }
  };
  return (
    <section className="card stack">
      <div role="status">
        <h2>
          <bdi>{t("import.look.ready", { file: job.title })}</bdi>
        </h2>
        <p className="soft">{t("import.look.ready_text", { n: ordersOf(job) ?? 0 })}</p>
      </div>
      {problem !== null && <ErrorBox error={problem} retry={() => void remove()} />}
      <div className="row">
        <a className="button primary" href={reportPage(job.id)}>
          {t("import.look.open")}
        </a>
        <button type="button" className="button" onClick={() => go({ report: null, uploads: job.uploads })}>
          {t("import.look.import")}
        </button>
        <button type="button" className="button" disabled={removing} onClick={() => void remove()}>
          {t("import.look.remove")}
        </button>
      </div>
    </section>
  );
}

function NotMade(props: { job: Job; back: () => void }) {
  const { t } = useWords();
  const { job } = props;
  return (
    <section className="card stack" role="alert">
      <h2>{job.state === "cancelled" ? t("import.look.cancelled") : job.state === "interrupted" ? t("import.look.interrupted") : t("import.look.failed")}</h2>
      {job.state === "failed" && job.error && <ErrorBox error={errorOf(422, { error: job.error })} />}
      <div>
        <button type="button" className="button primary" onClick={props.back}>
          {t("import.look.back")}
        </button>
      </div>
    </section>
  );
}
