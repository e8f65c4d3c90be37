// The plain fields of a form and a bar: the browser's own, with a label above them.
import { type ReactNode, useId } from "react";

export interface Choice {
  value: string;
  label: string;
}

export function Select(props: { label: string; value: string; choices: readonly Choice[]; onChange: (value: string) => void; hint?: string }) {
  const id = useId();
  return (
    <div className="field" title={props.hint}>
      <label htmlFor={id}>{props.label}</label>
      <select id={id} className="input" value={props.value} onChange={(event) => props.onChange(event.target.value)}>
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}

export function DayField(props: { label: string; value: string; onChange: (day: string) => void; min?: string; max?: string }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input id={id} type="date" className="input" value={props.value} min={props.min} max={props.max} onChange={(event) => event.target.value && props.onChange(event.target.value)} />
    </div>
  );
}

// One of a few, all in sight.
export function Switch<T extends string>(props: { label: string; value: T; choices: readonly { value: T; label: ReactNode }[]; onChange: (value: T) => void; showLabel?: boolean }) {
  const id = useId();
  return (
    <div className="field">
      <span className={props.showLabel ? "label" : "hidden"} id={id}>
        {props.label}
      </span>
      <div className="switch" role="group" aria-labelledby={id}>
        {props.choices.map((choice) => (
          <button key={choice.value} type="button" aria-pressed={choice.value === props.value} onClick={() => props.onChange(choice.value)}>
            {choice.label}
          </button>
        ))}
      </div>
    </div>
  );
}
