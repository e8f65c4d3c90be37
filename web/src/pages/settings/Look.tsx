// Language and theme: of this reader in this browser.
import { preferredLanguage, preferredTheme, remember } from "../../state/prefs";
import { useView } from "../../state/use_view";
import { type Theme, themes } from "../../state/view";
import { Select, Switch } from "../../ui/Fields";
import { type Language, languageNames, languages } from "../../words/catalogue";
import { useWords } from "../../words/words";

export function Look() {
  const { t } = useWords();
  const { view, setView } = useView();
  return (
    <section className="card stack" aria-labelledby="settings-look">
      <h2 id="settings-look">{t("settings.look")}</h2>
      <div className="row">
        <Select
          label={t("settings.language")}
          value={view.lang ?? preferredLanguage(navigator.languages)}
          choices={languages.map((language) => ({ value: language, label: languageNames[language] }))}
          onChange={(lang) => {
            remember("lang", lang);
            setView({ lang: lang as Language });
          }}
        />
        <Switch<Theme>
          label={t("settings.theme")}
          showLabel
          value={view.theme ?? preferredTheme()}
          choices={themes.map((theme) => ({ value: theme, label: t(`settings.theme.${theme}`) }))}
          onChange={(theme) => {
            remember("theme", theme);
            setView({ theme });
          }}
        />
      </div>
    </section>
  );
}
