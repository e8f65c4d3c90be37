// The colours of look.css as values, for what is drawn and not styled; and which of the two schemes holds.
import { createContext, useContext, useMemo } from "react";
import { applyScheme, type Scheme } from "./scheme";

export const SchemeContext = createContext<Scheme>("light");

export interface Look {
  scheme: Scheme;
  ink: string;
  soft: string;
  line: string;
  ground: string;
  kept: string;
  keptSoft: string;
  new: string;
  back: string;
  lost: string;
  font: string;
}

export function readLook(scheme: Scheme): Look {
  applyScheme(scheme);
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    scheme,
    ink: of("ink"),
    soft: of("soft"),
    line: of("line"),
    ground: of("ground"),
    kept: of("kept"),
    keptSoft: of("kept-soft"),
    new: of("new"),
    back: of("back"),
    lost: of("lost"),
    font: of("font"),
  };
}

export function useLook(): Look {
  const scheme = useContext(SchemeContext);
  return useMemo(() => readLook(scheme), [scheme]);
}
