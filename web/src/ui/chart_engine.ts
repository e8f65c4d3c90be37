// ECharts, only the parts that are drawn here. This file is a chunk of its own.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { EChartsCoreOption } from "echarts/core";
import type { Look } from "./look";
import { paperHeight, paperWidth } from "./paper";
import { type End, spread } from "./time_chart";

echarts.use([LineChart, BarChart, GridComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, CanvasRenderer]);

export type Option = EChartsCoreOption & { ends?: End[] };

export interface EngineChart {
  draw(option: Option, look: Look): void;
  resize(paper: boolean): boolean; // to its place, or to that which it has on paper; whether it is of another size now
  picture(ground: string): Promise<Blob | null>;
  dispose(): void;
}

const labelHeight = 16;

export function makeChart(at: HTMLElement, onPick: (index: number) => void): EngineChart {
  const chart = echarts.init(at);
  const highest = at.clientHeight || paperHeight; // paper's style lets the place follow what is drawn
  let labels: InstanceType<typeof echarts.graphic.Text>[] = []; // the words at the ends of lines
  chart.getZr().on("click", (event) => {
    const [x] = chart.convertFromPixel({ seriesIndex: 0 }, [event.offsetX, event.offsetY]) ?? [];
    if (typeof x === "number" && chart.containPixel("grid", [event.offsetX, event.offsetY])) onPick(Math.round(x));
  });
  return {
    draw: ({ ends = [], ...option }, look) => {
      // The tooltip stays: making it anew measures the page, which costs more than the drawing.
      const replaceMerge = ["grid", "xAxis", "yAxis", "series"];
      chart.setOption({ animation: false, textStyle: { fontFamily: look.font, fontSize: 13, color: look.ink }, ...option }, { replaceMerge });
      for (const label of labels) chart.getZr().remove(label);
      const places = ends.map((end) => chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [end.index, end.value]));
      const ys = spread(places.map((point) => (point?.[1] ?? 0) - labelHeight / 2), labelHeight, chart.getHeight());
      labels = ends.map((end, i) => new echarts.graphic.Text({ silent: true, z: 100, x: (places[i]?.[0] ?? 0) + 10, y: ys[i], style: { text: end.text, fill: end.colour, font: `600 13px ${look.font}` } }));
      for (const label of labels) chart.getZr().add(label);
      chart.getZr().flush(); // and not in a frame that paper never has
    },
    resize: (paper) => {
      const [width, height] = paper ? [paperWidth, Math.min(paperHeight, highest)] : [at.clientWidth, at.clientHeight];
      if (width === chart.getWidth() && height === chart.getHeight()) return false;
      chart.resize({ width, height, animation: { duration: 0 } });
      return true;
    },
    picture: (ground) => new Promise((done) => chart.renderToCanvas({ pixelRatio: 2, backgroundColor: ground }).toBlob(done, "image/png")),
    dispose: () => chart.dispose(),
  };
}
