// A part of the page that comes in a file of its own. Once it is here it is shown at once: React's own `lazy` waits even then, and holds
// back for up to 300 ms what follows a skeleton.
import type { ComponentType } from "react";

export interface Late<Props> {
  load(): Promise<ComponentType<Props>>;
  now(): ComponentType<Props> | null;
}

export function late<Props>(bring: () => Promise<{ default: ComponentType<Props> }>): Late<Props> {
  let here: ComponentType<Props> | null = null;
  let coming: Promise<ComponentType<Props>> | null = null;
  return {
    now: () => here,
    load: () => {
      coming ??= bring().then(
        (module) => (here = module.default),
        (error: unknown) => {
          coming = null; // asked for again when it is wanted again
          throw error;
        },
      );
      return coming;
    },
  };
}
