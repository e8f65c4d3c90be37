// The browser's own slider, with its steps named below it.
import { useId } from "react";
import "./slider.css";

export function Slider(props: { label: string; min: number; max: number; value: number; say: string; marks: readonly { value: number; label: string }[]; onChange: (value: number) => void; onEnd: (value: number) => void }) {
  const id = useId();
  const { min, max } = props;
  const share = (value: number) => ((value - min) / (max - min)) * 100;
  return (
    <div className="field slider" style={{ "--share": `${share(props.value)}%` } as React.CSSProperties}>
      <div className="row between">
        <label htmlFor={id}>{props.label}</label>
        <output htmlFor={id}>{props.say}</output>
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        value={props.value}
        aria-valuetext={props.say}
        onChange={(event) => props.onChange(Number(event.target.value))}
        onPointerUp={(event) => props.onEnd(Number(event.currentTarget.value))}
        onKeyUp={(event) => props.onEnd(Number(event.currentTarget.value))}
        onBlur={(event) => props.onEnd(Number(event.currentTarget.value))}
      />
      <div className="slider-marks" aria-hidden="true">
        {props.marks.map((mark) => (
          <span key={mark.value} style={{ left: `${share(mark.value)}%` }}>
            {mark.label}
          </span>
        ))}
      </div>
    </div>
  );
}
