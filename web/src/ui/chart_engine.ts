// ECharts, only the parts that are drawn here. This file is a chunk of its own.
import { BarChart, LineChart } from "echarts/charts";
import { GraphicComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { EChartsCoreOption } from "echarts/core";
import type { Look } from "./look";
import { type End, spread } from "./time_chart";

echarts.use([LineChart, BarChart, GridComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, GraphicComponent, CanvasRenderer]);

export type Option = EChartsCoreOption & { ends?: End[] };

export interface EngineChart {
  draw(option: Option, look: Look): void;
  resize(): void;
  picture(ground: string): Promise<Blob | null>;
  dispose(): void;
}

const labelHeight = 16;

export function makeChart(at: HTMLElement, onPick: (index: number) => void): EngineChart {
  const chart = echarts.init(at);
  chart.getZr().on("click", (event) => {
    const [x] = chart.convertFromPixel({ seriesIndex: 0 }, [event.offsetX, event.offsetY]) ?? [];
    if (typeof x === "number" && chart.containPixel("grid", [event.offsetX, event.offsetY])) onPick(Math.round(x));
  });
  return {
    draw: ({ ends = [], ...option }, look) => {
      chart.setOption({ animation: false, textStyle: { fontFamily: look.font, fontSize: 13, color: look.ink }, ...option }, { notMerge: true });
      const at = ends.map((end) => chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [end.index, end.value]));
      const ys = spread(at.map((point) => (point?.[1] ?? 0) - labelHeight / 2), labelHeight, chart.getHeight());
      chart.setOption({
        graphic: ends.map((end, i) => ({ type: "text", silent: true, x: (at[i]?.[0] ?? 0) + 10, y: ys[i], style: { text: end.text, fill: end.colour, font: `600 13px ${look.font}` } })),
      });
    },
    resize: () => chart.resize({ animation: { duration: 0 } }),
    picture: (ground) => new Promise((done) => chart.renderToCanvas({ pixelRatio: 2, backgroundColor: ground }).toBlob(done, "image/png")),
    dispose: () => chart.dispose(),
  };
}
