import { Dialog } from "../ui/Dialog";
import { useWords } from "../words/words";

export function Shortcuts(props: { opened: boolean; onClose: () => void }) {
  const { t } = useWords();
  const rows: [string[], string][] = [
    [["/"], t("keys.search")],
    [["?"], t("keys.help")],
    [["←", "↑", "→", "↓"], t("keys.arrows")],
    [["Home", "End", "Page Up", "Page Down"], t("keys.far")],
    [["Enter"], t("keys.enter")],
    [["Esc"], t("keys.escape")],
  ];
  if (!props.opened) return null;
  return (
    <Dialog title={t("keys.title")} onClose={props.onClose}>
      <dl className="keys">
        {rows.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
