// Entering a cost, or changing one. What was typed stays until it is saved, whatever the server says.
import { type FormEvent, useRef, useState } from "react";
import { idempotencyKey } from "../../api/client";
import { type Cost, type CostEntry, costKinds, type CostKind, entryOf, type Purpose, purposes } from "../../api/costs";
import { isDay } from "../../state/days";
import { Dialog } from "../../ui/Dialog";
import { Select, Switch } from "../../ui/Fields";
import { ErrorBox } from "../../ui/states";
import { TextField } from "../../ui/TextField";
import { useWords } from "../../words/words";
import { amountText, parseAmount } from "./entry";

export function CostForm(props: { cost: Cost | null; currency: string; onSave: (entry: CostEntry, key: string) => Promise<void>; onClose: () => void }) {
  const { t, locale } = useWords();
  const { cost } = props;
  const currency = cost?.currency ?? props.currency;
  const today = new Date().toISOString().slice(0, 10);
  const before = cost ? entryOf(cost, currency) : null;
  const [from, setFrom] = useState(before?.from ?? today);
  const [to, setTo] = useState(before?.to ?? today);
  const [amount, setAmount] = useState(before ? amountText(before.amount_minor, currency, locale) : "");
  const [kind, setKind] = useState<CostKind>(before?.kind ?? "marketing");
  const [purpose, setPurpose] = useState<Purpose>(before?.purpose ?? "retention");
  const [campaign, setCampaign] = useState(before?.campaign ?? "");
  const [note, setNote] = useState(before?.note ?? "");
  const [tried, setTried] = useState(false);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  // Sent twice over a bad line, it is entered once.
  const key = useRef(idempotencyKey());

  const minor = parseAmount(amount, currency, locale);
  const errors = {
    amount: minor === null ? t("costs.error.amount", { example: amountText(125050, "EUR", locale) }) : null,
    from: isDay(from) ? null : t("costs.error.day"),
    to: !isDay(to) ? t("costs.error.day") : to < from ? t("costs.error.order") : null,
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (minor === null || errors.from !== null || errors.to !== null) return;
    setSaving(true);
    setProblem(null);
    try {
      await props.onSave({ from, to, amount_minor: minor, currency, kind, purpose, campaign: campaign.trim(), note: note.trim() }, key.current);
    } catch (error) {
      setProblem(error);
      setSaving(false);
    }
  };
  return (
    <Dialog title={cost ? t("costs.edit_title") : t("costs.add")} onClose={props.onClose}>
      <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
        {problem !== null && <ErrorBox error={problem} />}
        <Switch<Purpose> label={t("costs.purpose")} showLabel value={purpose} onChange={setPurpose} choices={purposes.map((value) => ({ value, label: t(`costs.purpose.${value}`) }))} />
        <TextField label={t("costs.amount_in", { currency })} inputMode="decimal" value={amount} onChange={setAmount} hint={t("costs.amount_hint")} error={tried ? errors.amount : null} required />
        <div className="form-grid">
          <TextField type="date" label={t("costs.from")} value={from} onChange={(day) => { setFrom(day); if (to < day) setTo(day); }} error={tried ? errors.from : null} required />
          <TextField type="date" label={t("costs.to")} value={to} onChange={setTo} error={tried ? errors.to : null} required />
        </div>
        <Select label={t("costs.kind")} value={kind} onChange={(value) => setKind(value as CostKind)} choices={costKinds.map((value) => ({ value, label: t(`costs.kind.${value}`) }))} />
        <TextField label={`${t("costs.campaign")} (${t("costs.optional")})`} value={campaign} onChange={setCampaign} />
        <TextField label={`${t("costs.note")} (${t("costs.optional")})`} value={note} onChange={setNote} />
        <div className="actions">
          <button type="button" className="button" onClick={props.onClose}>
            {t("costs.cancel")}
          </button>
          <button type="submit" className="button primary" disabled={saving}>
            {t("costs.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
