// What vite.config.ts makes of api/openapi.yaml.
declare module "virtual:contract" {
  const contract: import("./operations").Contract;
  export default contract;
}
