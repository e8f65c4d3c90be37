// How the shop is understood, what is noted on the time axis, who may come in and what they did.
import { useMay } from "../../app/session";
import { useShop } from "../../api/questions";
import { Page } from "../../ui/Page";
import { useWords } from "../../words/words";
import { Audit } from "./Audit";
import { Backups } from "./Backups";
import { Look } from "./Look";
import { Notes } from "./Notes";
import { ShopSettings } from "./ShopSettings";
import { Team } from "./Team";
import { Tokens } from "./Tokens";
import "../../ui/forms.css";
import "./settings.css";

export default function SettingsPage() {
  const { t } = useWords();
  const { shop, shops } = useShop();
  const own = shops.find((one) => !one.sample);
  const may = useMay();
  return (
    <Page title={t("settings.title")} filters={null}>
      {shop && <ShopSettings shop={shop} writable={may.write && !shop.sample} />}
      {shop && !shop.sample && <Notes writable={may.write} />}
      <Look />
      {may.admin && (
        <>
          <Team />
          <Tokens />
          {own && <Backups zone={own.zone} />}
          <Audit zone={shop?.zone ?? null} />
        </>
      )}
    </Page>
  );
}
