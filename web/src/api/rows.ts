// Short names for what the answers hold. Their fields come from api/openapi.yaml; what they mean is in docs/definitions.md.
import type { Schemas } from "./contract";

export type Rate = Schemas["Rate"];
export type PeriodRow = Schemas["Period"];
export type RetentionRow = Schemas["RetentionRow"];
export type ValueRow = Schemas["ValueRow"];
export type CostRow = Schemas["CostRow"];
export type RetentionAnswer = Schemas["RetentionAnswer"];
export type ValueAnswer = Schemas["ValueAnswer"];
export type CostAnswer = Schemas["CostAnswer"];
export type CohortsAnswer = Schemas["CohortAnswer"];
export type CohortRow = CohortsAnswer["rows"][number];
export type CohortCell = CohortRow["cells"][number];
export type CohortMean = CohortsAnswer["means"][number];
export type ClaimsAnswer = Schemas["ClaimsAnswer"];
export type ClaimRow = ClaimsAnswer["rows"][number];
export type WhatIfAnswer = Schemas["WhatIfAnswer"];
export type WhatIfRow = WhatIfAnswer["rows"][number];
export type BehindAnswer = Schemas["CustomersAnswer"];
export type BehindRow = BehindAnswer["rows"][number];
export type Shop = Schemas["Shops"]["rows"][number];
export type Session = Schemas["Session"];
export type User = Schemas["User"];
export type Note = Schemas["Note"];
export type LinkPurpose = Schemas["LinkPurpose"];
export type SaidPart = Schemas["SaidPart"];
export type Definition = Schemas["Definitions"]["rows"][number];

// A setting of the question that an answer states, as text or number.
export function windowDays(answer: Schemas["Basics"]): number {
  return Number(answer.definitions["window_days"] ?? 0);
}
