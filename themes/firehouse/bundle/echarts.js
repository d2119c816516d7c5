// The parts of ECharts that site/chart draws with, and no more: a wiki carries this file.
import * as core from 'echarts/core';
import { LineChart, BarChart, ScatterChart, HeatmapChart } from 'echarts/charts';
import {
  GridComponent, TooltipComponent, LegendComponent, DataZoomInsideComponent, DataZoomSliderComponent,
  MarkLineComponent, MarkAreaComponent, MarkPointComponent, VisualMapContinuousComponent, AriaComponent,
} from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

core.use([
  LineChart, BarChart, ScatterChart, HeatmapChart,
  GridComponent, TooltipComponent, LegendComponent, DataZoomInsideComponent, DataZoomSliderComponent,
  MarkLineComponent, MarkAreaComponent, MarkPointComponent, VisualMapContinuousComponent, AriaComponent,
  SVGRenderer,
]);

export const init = core.init;
export const version = core.version;
