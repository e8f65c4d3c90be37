// What the answers hold, field by field, as docs/definitions.md names them.
import type { components } from "./schema";

export type Rate = components["schemas"]["Rate"];

// The settings of the question and a sentence for each field.
export type Definitions = Record<string, string | number | null> & {
  grain: string;
  window_days: number;
  basis: string;
  timezone: string;
  currency: string | null;
};

export interface Answer<Row> {
  as_of: string;
  revision: number;
  history_start: string | null;
  definitions: Definitions;
  rows: Row[];
  comparison?: { from: string; to: string; rows: Row[] } | null;
}

export interface PeriodRow {
  period_start: string;
  period_end: string;
  complete: boolean;
  warming_up: boolean;
  new_at_most: boolean;
  evaluated_to: string | null;
  split: string | null;
}

export interface RetentionRow extends PeriodRow {
  customers_start: number;
  customers_end: number;
  new: number;
  one_and_gone: number;
  reactivated: number;
  retained: number;
  lost: number;
  crr: Rate;
  crr_strict: Rate;
  churn_rate: Rate;
  returning_rate: Rate;
  returning_rate_active: Rate;
  orders: number;
  buyers: number;
  gross_minor: number;
  revenue_minor: number;
  repeat_rate: Rate;
  paused?: number;
  in_trial?: number;
  trial_converted?: Rate;
  gross_retention?: Rate;
  net_retention?: Rate;
}

export interface ValueRow extends PeriodRow {
  orders: number;
  buyers: number;
  gross_minor: number;
  revenue_minor: number;
  margin_minor: number | null;
  aov_minor: number | null;
  purchase_frequency: number | null;
  items_per_order: number | null;
  customer_value_minor: number | null;
  lifespan: number | null;
  clv_minor: number | null;
  value_to_date_minor: number | null;
  value_per_active_minor: number | null;
  repeat_rate: Rate;
}

export interface CostRow extends PeriodRow {
  crc_total_minor: number;
  crc_minor: number | null;
  crc_per_retained_minor: number | null;
  acquisition_cost_minor: number;
  cac_minor: number | null;
  acquisition_roi: number | null;
  payback_months: number | null;
}

export interface CohortCell {
  k: number;
  complete: boolean;
  customers: number;
  rate: Rate;
  revenue_minor: number;
  cumulative_revenue_minor: number;
}

export interface CohortRow {
  cohort: string;
  split: string | null;
  warming_up: boolean;
  size: number;
  cells: CohortCell[];
}

export interface CohortMean {
  k: number;
  weighted: number | null;
  plain: number | null;
  cohorts: number;
}

export type CohortsAnswer = Answer<CohortRow> & { means: CohortMean[] };

export interface ClaimRow {
  name: string;
  published_low: number;
  published_high: number;
  value: number | null;
  low: number | null;
  high: number | null;
  people: number;
  verdict: "true" | "false" | "cannot_tell";
  why: string | null;
}

export interface WhatIfRow {
  month: string;
  extra_customers: number;
  extra_revenue_minor: number;
}

export type WhatIfAnswer = Answer<WhatIfRow> & {
  worth_minor: number | null;
  share_of_revenue: number | null;
  share_of_margin: number | null;
};

export interface BehindRow {
  customer: string;
  orders: number;
  revenue_minor: number;
  last_order: string | null;
}

export type BehindAnswer = Answer<BehindRow> & { next?: string | null; total?: number };
