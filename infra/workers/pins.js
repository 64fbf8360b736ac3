// The map's views at the edge. Two views of one part of the map differ in the last digits of their bounds:
// rounded outwards, they ask for the same box and share an answer, which is kept for a few seconds.
const KEPT_S = 5;

export function widened(bbox) {
  const bounds = (bbox ?? "").split(",").map((text) => (text.trim() === "" ? NaN : Number(text)));
  if (bounds.length !== 4 || !bounds.every(Number.isFinite)) return null;
  const [west, south, east, north] = bounds;
  const span = Math.max(Math.abs(east - west), Math.abs(north - south), 1e-6);
  const step = 10 ** (Math.floor(Math.log10(span)) - 1);
  const digits = Math.max(0, -Math.round(Math.log10(step)));
  const down = (value, least) => Math.max(least, Math.floor(value / step) * step).toFixed(digits);
  const up = (value, most) => Math.min(most, Math.ceil(value / step) * step).toFixed(digits);
  return [down(west, -180), down(south, -90), up(east, 180), up(north, 90)].join(",");
}

export default {
  async fetch(request, _bindings, context) {
    const url = new URL(request.url);
    const bbox = widened(url.searchParams.get("bbox"));
    // What is not a view of the map, what the API would refuse, and what is somebody's own is the API's to answer.
    const personal = request.headers.has("authorization") || request.headers.has("cookie");
    if (request.method !== "GET" || bbox === null || personal) return fetch(request);
    url.searchParams.set("bbox", bbox);
    const view = new Request(url, request);
    const kept = await caches.default.match(url.href);
    if (kept) return kept;
    const answer = await fetch(view);
    const forbidden = /private|no-store/.test(answer.headers.get("cache-control") ?? "");
    if (answer.status === 200 && !forbidden && !answer.headers.has("set-cookie")) {
      const copy = new Response(answer.clone().body, answer);
      copy.headers.set("cache-control", `s-maxage=${KEPT_S}`);
      context.waitUntil(caches.default.put(url.href, copy));
    }
    return answer;
  },
};
