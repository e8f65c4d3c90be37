// What was just done, and the way back, at the foot of the page until the next thing is done or ten seconds have passed. It waits
// while a reader is on it.
import { type ReactNode, useCallback, useEffect, useState } from "react";

export interface Said {
  text: string;
  undo?: { label: string; run: () => void };
}

export function useToast(): { toast: ReactNode; say: (said: Said | null) => void } {
  const [said, setSaid] = useState<Said | null>(null);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (said === null || held) return undefined;
    const timer = setTimeout(() => setSaid(null), 10_000);
    return () => clearTimeout(timer);
  }, [said, held]);
  const say = useCallback((next: Said | null) => {
    setHeld(false);
    setSaid(next);
  }, []);
  // The live region is always there: one that comes with its words is not read out.
  const toast = (
    <div role="status" className="toast-place">
      {said && (
        <div className="toast" onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
          <span>{said.text}</span>
          {said.undo && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setSaid(null);
                said.undo?.run();
              }}
            >
              {said.undo.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
  return { toast, say };
}
