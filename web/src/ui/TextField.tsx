// A line of text in a form, with its label above, and what is wrong with it or what helps below.
import { type HTMLInputTypeAttribute, useId } from "react";

export function TextField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  error?: string | null;
  type?: HTMLInputTypeAttribute;
  inputMode?: "decimal" | "numeric" | "email";
  list?: readonly string[];
  autoComplete?: string;
  required?: boolean;
  readOnly?: boolean;
  placeholder?: string;
  minLength?: number;
  // What is wrong is said elsewhere, in the element of this id.
  invalid?: boolean;
  describedBy?: string;
}) {
  const id = useId();
  const about = props.error || props.hint ? `${id}-about` : props.describedBy;
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="input"
        type={props.type ?? "text"}
        inputMode={props.inputMode}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        aria-invalid={props.error || props.invalid ? true : undefined}
        aria-describedby={about}
        list={props.list ? `${id}-list` : undefined}
        autoComplete={props.autoComplete ?? "off"}
        required={props.required}
        readOnly={props.readOnly}
        placeholder={props.placeholder}
        minLength={props.minLength}
      />
      {props.list && (
        <datalist id={`${id}-list`}>
          {props.list.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
      {(props.error || props.hint) && (
        <p id={`${id}-about`} className={props.error ? "field-error small" : "soft small"}>
          {props.error || props.hint}
        </p>
      )}
    </div>
  );
}
