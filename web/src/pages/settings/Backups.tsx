// Backups of the own shop that the server keeps: made, saved elsewhere, removed. What is being made is found again after a reload.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { address } from "../../api/contract";
import { errorOf } from "../../api/client";
import { ended, useJob, useJobs } from "../../api/jobs";
import { type Backup, makeBackup, removeBackup, useBackups } from "../../api/settings";
import { ErrorBox, Loaded } from "../../ui/states";
import { useWords } from "../../words/words";
import { Remove } from "./Remove";

export function Backups(props: { zone: string | null }) {
  const { t, formats } = useWords();
  const queries = useQueryClient();
  const backups = useBackups();
  const jobs = useJobs(true);
  const [asked, setAsked] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Backup | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const id = asked ?? jobs.data?.rows.find((job) => job.kind === "backup" && !ended(job))?.id ?? null;
  const job = useJob(id).data;
  const over = ended(job);
  const changed = () => queries.invalidateQueries({ queryKey: ["backups"] });
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: ["backups"] });
  }, [over, queries]);
  const make = async () => {
    setProblem(null);
    try {
      setAsked((await makeBackup()).job);
    } catch (error) {
      setProblem(error);
    }
  };
  const named = (backup: Backup) => formats.instant(backup.made_at, props.zone);
  const table = (rows: readonly Backup[]) => (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("settings.backups")}>
      <table className="data">
        <thead>
          <tr>
            <th scope="col">{t("settings.backup_made")}</th>
            <th scope="col" className="right">
              {t("settings.backup_size")}
            </th>
            <th scope="col">
              <span className="hidden">{t("settings.backup_save")}</span>
            </th>
            <th scope="col">
              <span className="hidden">{t("settings.remove")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((backup) => (
            <tr key={backup.id}>
              <th scope="row">{named(backup)}</th>
              <td className="right">{formats.bytes(backup.bytes)}</td>
              <td>
                <a href={address("/api/v1/backups/{id}", { id: backup.id })} download aria-label={t("settings.backup_save_named", { name: named(backup) })}>
                  {t("settings.backup_save")}
                </a>
              </td>
              <td>
                <button type="button" className="link-button" aria-label={t("settings.remove_named", { name: named(backup) })} onClick={() => setLeaving(backup)}>
                  {t("settings.remove")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  const busy = id !== null && !over;
  return (
    <section className="card stack">
      <div className="row between">
        <div>
          <h2>{t("settings.backups")}</h2>
          <p className="soft small">{t("settings.backups_lead")}</p>
        </div>
        <button type="button" className="button" disabled={busy} onClick={() => void make()}>
          {t("settings.backup_new")}
        </button>
      </div>
      {problem !== null && <ErrorBox error={problem} />}
      {over && job?.state === "failed" && job.error && <ErrorBox error={errorOf(422, { error: job.error })} />}
      {busy && (
        <p role="status" className="soft">
          {t("settings.backup_making")}
        </p>
      )}
      <Loaded query={backups} height={64}>
        {({ rows }) => (rows.length === 0 ? <p className="soft">{t("settings.backups_none")}</p> : table(rows))}
      </Loaded>
      {leaving && (
        <Remove
          title={t("settings.remove_title", { name: named(leaving) })}
          text={t("settings.remove_backup_text")}
          remove={() => removeBackup(leaving.id)}
          changed={changed}
          onClose={() => setLeaving(null)}
        />
      )}
    </section>
  );
}
