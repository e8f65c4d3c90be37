// What a screen reader is told when something happened that is only to be seen.
import { useEffect, useState } from "react";

let say: ((text: string) => void) | null = null;
export const announce = (text: string): void => say?.(text);

export function LiveRegion() {
  const [text, setText] = useState("");
  useEffect(() => {
    say = setText;
    return () => {
      say = null;
    };
  }, []);
  return (
    <div className="hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
