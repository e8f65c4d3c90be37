import "@mantine/core/styles/baseline.layer.css";
import "@mantine/core/styles/default-css-variables.layer.css";
import "@mantine/core/styles/global.layer.css";
import "@mantine/core/styles/UnstyledButton.layer.css";
import "@mantine/core/styles/Slider.layer.css";
import "./ui/look.css";
import "./ui/print.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient, shopsQuery } from "./api/questions";
import { App } from "./app/App";
import { pageAt } from "./app/routes";
import { sessionQuery } from "./app/session";

// What the first page needs is on its way before anything is drawn: who is signed in, the shops, the page's own file.
const queries = makeQueryClient();
if (location.pathname !== "/welcome") {
  void queries.prefetchQuery(sessionQuery);
  void queries.prefetchQuery(shopsQuery);
  void pageAt(location.pathname)?.load();
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App queries={queries} />
  </StrictMode>,
);
