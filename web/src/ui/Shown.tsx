import { type ComponentType, useEffect, useState } from "react";
import type { Late } from "../app/late";
import { Skeleton } from "./states";

/** A late part, or the room it will take. A file that cannot be fetched is an error of the page around it. */
export function Shown<Props extends object>(props: { part: Late<Props>; height: number; with: Props }) {
  const { part } = props;
  const [state, setState] = useState<{ of: Late<Props>; is: ComponentType<Props> | null; error: unknown }>({ of: part, is: null, error: null });
  const Content = part.now() ?? (state.of === part ? state.is : null);
  useEffect(() => {
    if (Content !== null) return undefined;
    let wanted = true;
    part.load().then(
      (is) => wanted && setState({ of: part, is, error: null }),
      (error: unknown) => wanted && setState({ of: part, is: null, error }),
    );
    return () => {
      wanted = false;
    };
  }, [part, Content]);
  if (state.of === part && state.error !== null) throw state.error;
  return Content === null ? <Skeleton height={props.height} /> : <Content {...props.with} />;
}
