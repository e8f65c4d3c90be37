// A small line of how a number went, without axes: the shape beside the number. Its words are in `label`.
export function trendPath(values: readonly (number | null)[], width: number, height: number): { path: string; last: [number, number] | null } {
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 2) return { path: "", last: null };
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  let path = "";
  let pen = false;
  let last: [number, number] | null = null;
  values.forEach((value, i) => {
    if (value === null) {
      pen = false;
      return;
    }
    const x = 3 + (i * (width - 6)) / (values.length - 1);
    const y = height - 3 - ((value - low) / span) * (height - 6);
    path += `${pen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
    last = [x, y];
  });
  return { path, last };
}

export function Trend(props: { values: readonly (number | null)[]; label: string }) {
  const { path, last } = trendPath(props.values, 200, 32);
  if (!path || !last) return null;
  return (
    <svg className="trend" viewBox="0 0 200 32" preserveAspectRatio="none" role="img" aria-label={props.label}>
      <path d={path} fill="none" stroke="var(--kept)" strokeWidth="2" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
      <path d={`M${last[0]} ${last[1]}h0.01`} stroke="var(--kept)" strokeWidth="6" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
