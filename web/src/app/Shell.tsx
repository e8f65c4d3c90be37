// The frame of every page: skip link, the sample's banner, navigation, search, shop, language and theme.
import { Component, type ReactNode, useEffect, useRef, useState, type FormEvent } from "react";
import { Link, Route, Switch as Routes, useLocation } from "wouter";
import icon from "../icon.svg";
import type { Shop } from "../api/rows";
import { useShop } from "../api/questions";
import { remember } from "../state/prefs";
import { useView } from "../state/use_view";
import { type ShopName, type Theme, themes } from "../state/view";
import { AnswerTook } from "../ui/AnswerTook";
import { DefinitionCard } from "../ui/DefinitionCard";
import { Select, Switch } from "../ui/Fields";
import { Page as PageHead } from "../ui/Page";
import { Shown } from "../ui/Shown";
import { Empty, ErrorBox, Skeleton } from "../ui/states";
import { type Language, languageNames, languages } from "../words/catalogue";
import { useWords } from "../words/words";
import { LiveRegion } from "./announce";
import { NewerVersion } from "./NewerVersion";
import { useAhead } from "./ahead";
import { hasPage, type Page, pages, pathOf } from "./routes";
import { useMay, useSession } from "./session";
import { Shortcuts } from "./Shortcuts";

export function Shell(props: { language: Language; theme: Theme }) {
  const { t } = useWords();
  const { shop, shops, error, again } = useShop();
  const search = useRef<HTMLInputElement>(null);
  const [help, setHelp] = useState(false);
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const ahead = useAhead();
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.closest("input, select, textarea, [contenteditable], [role=dialog]")) return;
      if (event.key === "/" && search.current) {
        event.preventDefault();
        search.current.focus();
      } else if (event.key === "?") {
        event.preventDefault();
        setHelp(true);
      }
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, []);
  // A new page begins at its head.
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    if (!location.hash) window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);

  return (
    <>
      <a className="skip" href="#main">
        {t("shell.skip")}
      </a>
      <LiveRegion />
      <NewerVersion />
      {shop?.sample && <SampleBanner shops={shops} />}
      <div className="shell">
        <Navigation ahead={ahead} />
        <div className="main">
          <TopBar language={props.language} theme={props.theme} shops={shops} shop={shop} searchRef={search} onHelp={() => setHelp(true)} />
          <main className="content" id="main" tabIndex={-1} ref={main} style={{ outline: "none" }}>
            {error && shops.length === 0 ? (
              <ErrorBox error={error} retry={again} />
            ) : (
              <Boundary key={path}>
                <Routes>
                  {pages.map((page) => (
                    <Route key={page.name} path={page.path}>
                      <ShopPage page={page} shop={shop} />
                    </Route>
                  ))}
                  <Route>
                    <Missing />
                  </Route>
                </Routes>
              </Boundary>
            )}
            <AnswerTook />
          </main>
        </div>
      </div>
      <DefinitionCard />
      <Shortcuts opened={help} onClose={() => setHelp(false)} />
    </>
  );
}

function Missing() {
  const { t } = useWords();
  return (
    <PageHead title={t("missing.title")} filters={null} lead={t("missing.say")}>
      <p>
        <Link className="button primary" href="/">
          {t("missing.back")}
        </Link>
      </p>
    </PageHead>
  );
}

// A page that needs orders says so where there are none, and how they come.
function ShopPage(props: { page: Page; shop: Shop | null }) {
  const { t } = useWords();
  const { href } = useView();
  const { page, shop } = props;
  const may = useMay();
  const content = <Shown part={page.part} height={480} with={{}} />;
  if (!page.needsShop) return content;
  if (!shop) return <Skeleton height={480} />;
  if (shop.state === "empty") {
    return (
      <>
      <h1>{t(page.title)}</h1>
      <Empty
        title={t("empty.title")}
        action={
          <div className="row">
            {may.write && hasPage("import") && (
              <Link className="button primary" href={href("/import", {}, { shop: "own" })}>
                {t("sample.own")}
              </Link>
            )}
            <Link className="button" href={href("/", {}, { shop: "sample" })}>
              {t("empty.sample")}
            </Link>
          </div>
        }
      >
        {t("empty.say")}
      </Empty>
      </>
    );
  }
  if (shop.state === "loading") return <Empty title={t("shop.loading")}>{t("shop.loading.say")}</Empty>;
  return content;
}

// A fault in one page leaves the rest standing.
class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    if (this.state.error === null) return this.props.children;
    return <ErrorBox error={this.state.error} retry={() => location.reload()} />;
  }
}

function SampleBanner(props: { shops: readonly Shop[] }) {
  const { t } = useWords();
  const { href } = useView();
  const may = useMay();
  const own = props.shops.find((shop) => shop.shop === "own");
  const to = own && own.state !== "empty" ? href("/", {}, { shop: "own" }) : may.write && hasPage("import") ? href("/import", {}, { shop: own ? "own" : null }) : null;
  return (
    <aside className="sample" aria-label={t("sample.label")}>
      <span>{t("sample.say")}</span>
      {to && (
        <Link className="button primary" href={to}>
          {t("sample.own")}
        </Link>
      )}
    </aside>
  );
}

function Navigation(props: { ahead: (page: Page) => void }) {
  const { t } = useWords();
  const { href } = useView();
  const [path] = useLocation();
  const [open, setOpen] = useState(false);
  const groups = [...new Set(pages.filter((page) => page.listed).map((page) => page.group))];
  return (
    <nav className="side" aria-label={t("shell.pages")}>
      <div className="row between">
        <Link className="brand" href={href("/")}>
          <img src={icon} alt="" width="20" height="20" /> Behoud
        </Link>
        <button type="button" className="button menu-button" aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)}>
          {t("shell.menu")}
        </button>
      </div>
      <div id="navigation" className={open ? "nav open" : "nav"}>
        {groups.map((group) => (
          <div key={group ?? ""}>
            {group && <h2>{t(group)}</h2>}
            <ul>
              {pages
                .filter((page) => page.listed && page.group === group)
                .map((page) => {
                  const here = pathOf(page) === "/" ? path === "/" : path === pathOf(page) || path.startsWith(`${pathOf(page)}/`);
                  return (
                    <li key={page.name}>
                      <Link href={href(pathOf(page))} aria-current={here ? "page" : undefined} onPointerEnter={() => props.ahead(page)} onFocus={() => props.ahead(page)} onClick={() => setOpen(false)}>
                        {t(page.title)}
                      </Link>
                    </li>
                  );
                })}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  );
}

function TopBar(props: { language: Language; theme: Theme; shops: readonly Shop[]; shop: Shop | null; searchRef: React.RefObject<HTMLInputElement | null>; onHelp: () => void }) {
  const { t } = useWords();
  const { search, setView, href } = useView();
  const { session, signOut } = useSession();
  const [path, navigate] = useLocation();
  const [text, setText] = useState(search.get("q") ?? "");
  const find = (event: FormEvent) => {
    event.preventDefault();
    navigate(href("/customers", { q: text.trim() }));
  };
  const hasBoth = props.shops.some((shop) => shop.sample) && props.shops.some((shop) => !shop.sample);
  return (
    <header className="top">
      {hasPage("customers") ? (
        <form role="search" onSubmit={find}>
          <input ref={props.searchRef} className="input" type="search" value={text} onChange={(event) => setText(event.target.value)} placeholder={t("search.placeholder")} aria-label={t("search.label")} aria-keyshortcuts="/" />
        </form>
      ) : (
        <span />
      )}
      <div className="tools">
        {hasBoth && props.shop && (
          <Switch<ShopName>
            label={t("shop.label")}
            value={props.shop.shop}
            onChange={(shop) => (path.startsWith("/customers/") || path === "/people" ? navigate(href("/", {}, { shop })) : setView({ shop }))}
            choices={[
              { value: "own", label: t("shop.own") },
              { value: "sample", label: t("shop.sample") },
            ]}
          />
        )}
        <details className="menu">
          <summary className="button plain">
            <span className="hidden">{t("menu.label")}: </span>
            {session.user.name || session.user.email}
          </summary>
          <div className="menu-panel stack">
            <Select
              label={t("menu.language")}
              value={props.language}
              onChange={(lang) => {
                remember("lang", lang);
                setView({ lang: lang as Language });
              }}
              choices={languages.map((language) => ({ value: language, label: languageNames[language] }))}
            />
            <Switch<Theme>
              label={t("menu.theme")}
              showLabel
              value={props.theme}
              onChange={(theme) => {
                remember("theme", theme);
                setView({ theme });
              }}
              choices={themes.map((theme) => ({ value: theme, label: t(`theme.${theme}`) }))}
            />
            <button type="button" className="button plain" onClick={props.onHelp}>
              {t("menu.shortcuts")} <kbd>?</kbd>
            </button>
            <button type="button" className="button plain" onClick={() => window.print()}>
              {t("menu.print")}
            </button>
            <button type="button" className="button plain" onClick={() => void signOut()}>
              {t("menu.signout")}
            </button>
          </div>
        </details>
      </div>
    </header>
  );
}
