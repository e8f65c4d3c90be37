// ECharts, only the parts that are drawn here. This file is a chunk of its own.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import type { EChartsCoreOption } from "echarts/core";
import type { Look } from "./look";

echarts.use([LineChart, BarChart, GridComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, LabelLayout, CanvasRenderer]);

export type Option = EChartsCoreOption;

export interface EngineChart {
  draw(option: Option, look: Look): void;
  resize(): void;
  picture(ground: string): Promise<Blob | null>;
  dispose(): void;
}

export function makeChart(at: HTMLElement, onPick: (index: number) => void): EngineChart {
  const chart = echarts.init(at);
  chart.getZr().on("click", (event) => {
    const [x] = chart.convertFromPixel({ seriesIndex: 0 }, [event.offsetX, event.offsetY]) ?? [];
    if (typeof x === "number" && chart.containPixel("grid", [event.offsetX, event.offsetY])) onPick(Math.round(x));
  });
  return {
    draw: (option, look) =>
      chart.setOption(
        {
          animation: false,
          textStyle: { fontFamily: look.font, fontSize: 13, color: look.ink },
          ...option,
        },
        { notMerge: true },
      ),
    resize: () => chart.resize({ animation: { duration: 0 } }),
    picture: async (ground) => (await fetch(chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: ground }))).blob(),
    dispose: () => chart.dispose(),
  };
}
