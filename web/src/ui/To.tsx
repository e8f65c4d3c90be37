// A link to another page, for where there are hundreds: the router's own reads the address once for each.
import type { AnchorHTMLAttributes } from "react";
import { useLinks } from "../state/use_view";

export function To(props: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string } & Record<`data-${string}`, string | number | undefined>) {
  const { navigate } = useLinks();
  return (
    <a
      {...props}
      onClick={(event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(props.href);
      }}
    />
  );
}
