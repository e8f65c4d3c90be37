// Files in. Five places, told apart by the address: nothing sent yet (drop a file), files that were sent (what they were taken for
// and what would happen), a job that brings them in or one that only makes a report of them, and the rows of an earlier import that
// could not be read.
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { upload, type Upload } from "../../api/uploads";
import { useShop } from "../../api/questions";
import { late } from "../../app/late";
import { useMay } from "../../app/session";
import { useView } from "../../state/use_view";
import { Page } from "../../ui/Page";
import { Shown } from "../../ui/Shown";
import { ErrorBox } from "../../ui/states";
import { useWords } from "../../words/words";
import { type Place, paramsOf, placeOf } from "./address";
import { DropZone } from "./DropZone";
import { ImportList } from "./ImportList";
import "../../ui/forms.css";
import "./import.css";

// What only a reader who sent a file needs.
const reading = late(() => import("./FileReading"));
const job = late(() => import("./JobView"));
const lookFirst = late(() => import("./LookFirst"));
const leftOut = late(() => import("./LeftOut"));

export default function ImportPage() {
  const { t } = useWords();
  const { search, setParams, href } = useView();
  const { shops } = useShop();
  const may = useMay();
  const place = placeOf(search);
  const go = (change: Partial<Place>, replace = false) => setParams(paramsOf({ ...place, ...change }), replace);
  const own = shops.some((shop) => !shop.sample);

  return (
    <Page title={t("import.title")} filters={null} lead={t("import.lead")}>
      {place.leftOut !== null && (own || shops.length === 0) ? (
        <Shown part={leftOut} height={320} with={{ id: place.leftOut, shop: own ? "own" : null }} />
      ) : shops.length > 0 && !own ? (
        <p className="notice">{t("import.sample")}</p>
      ) : !may.write ? (
        <p className="notice">{t("import.right")}</p>
      ) : place.job !== null ? (
        <Shown part={job} height={320} with={{ id: place.job, again: () => go({ job: null, uploads: [] }) }} />
      ) : place.report !== null ? (
        <Shown part={lookFirst} height={320} with={{ id: place.report, go }} />
      ) : place.uploads.length > 0 ? (
        <Shown part={reading} height={480} with={{ place, go }} />
      ) : (
        <Sending onSent={(uploads) => go({ uploads: uploads.map((one) => one.upload) })} />
      )}
      {place.uploads.length === 0 && place.job === null && place.report === null && place.leftOut === null && <ImportList watch={(job) => href("/import", { job })} leftOut={(id) => href("/import", { left_out: String(id) })} />}
      {(place.job !== null || place.report !== null || place.leftOut !== null) && (
        <p>
          <Link href={href("/import")}>{t("import.list")}</Link>
        </p>
      )}
    </Page>
  );
}

interface Sent {
  name: string;
  done: number;
  total: number;
}

function Sending(props: { onSent: (uploads: Upload[]) => void }) {
  const { t, formats } = useWords();
  const [files, setFiles] = useState<File[] | null>(null);
  const [sent, setSent] = useState<Sent | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [empty, setEmpty] = useState<string | null>(null);
  const { onSent } = props;

  const send = async (chosen: File[], signal: AbortSignal) => {
    const uploads: Upload[] = [];
    for (const file of chosen) {
      setSent({ name: file.name, done: 0, total: file.size });
      uploads.push(await upload(file, (done) => setSent({ name: file.name, done, total: file.size }), signal));
    }
    return uploads;
  };
  useEffect(() => {
    if (files === null) return undefined;
    const stop = new AbortController();
    send(files, stop.signal).then(
      (uploads) => !stop.signal.aborted && onSent(uploads),
      (problem: unknown) => !stop.signal.aborted && setError(problem),
    );
    return () => stop.abort();
    // The address may change while a file is on its way; only other files begin anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [files]);

  const choose = (chosen: File[]) => {
    const blank = chosen.find((file) => file.size === 0);
    setEmpty(blank ? blank.name : null);
    setError(null);
    if (!blank && chosen.length > 0) setFiles(chosen);
  };
  if (error !== null) {
    return <ErrorBox error={error} retry={() => { setError(null); setFiles(files === null ? null : [...files]); }} />;
  }
  if (files !== null && sent !== null) {
    return (
      <section className="card stack">
        <h2>{t("import.uploading", { name: sent.name, done: formats.bytes(sent.done), total: formats.bytes(sent.total) })}</h2>
        <progress className="progress" value={sent.done} max={sent.total} aria-label={t("import.progress_label")} />
        <div>
          <button type="button" className="button" onClick={() => setFiles(null)}>
            {t("import.stop_sending")}
          </button>
        </div>
      </section>
    );
  }
  return (
    <>
      <DropZone onFiles={choose} />
      {empty !== null && (
        <p className="notice" role="alert">
          {t("import.empty_file", { name: empty })}
        </p>
      )}
    </>
  );
}
