// A tab may be older than its server: the program was replaced while the tab was open. It is asked to reload, and nothing is reloaded
// under a reader's hands. It shows by the script that the server's page names now, whose name holds a hash of it, or by a file that is no
// longer there.
import { useEffect, useState } from "react";
import { useWords } from "../words/words";

const askEveryMs = 5 * 60_000;

async function isNewer(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>("script[type=module][src]")?.getAttribute("src");
  if (!own) return false;
  try {
    const response = await fetch("/", { cache: "no-store" });
    return response.ok && !(await response.text()).includes(own);
  } catch {
    return false; // not reached: that is for the page to say
  }
}

export function NewerVersion() {
  const { t } = useWords();
  const [newer, setNewer] = useState(false);
  useEffect(() => {
    const look = async () => {
      if (await isNewer()) setNewer(true);
    };
    const gone = () => setNewer(true);
    const seen = () => document.visibilityState === "visible" && void look();
    const timer = setInterval(() => void look(), askEveryMs);
    window.addEventListener("vite:preloadError", gone);
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("focus", seen);
    return () => {
      clearInterval(timer);
      window.removeEventListener("vite:preloadError", gone);
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("focus", seen);
    };
  }, []);
  return (
    <div role="status">
      {newer && (
        <div className="sample">
          <span>{t("newer.say")}</span>
          <button type="button" className="button" onClick={() => location.reload()}>
            {t("newer.reload")}
          </button>
        </div>
      )}
    </div>
  );
}
