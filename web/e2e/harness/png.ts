// A picture packed as small as it goes without losing a pixel: a browser packs for speed. Reads what Chromium writes: eight bits a
// channel, RGB or RGBA, not interlaced (PNG, third edition).
import { deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface Picture {
  width: number;
  height: number;
  channels: 3 | 4;
  pixels: Uint8Array; // row by row
}

export function unpack(png: Buffer): Picture {
  if (!png.subarray(0, 8).equals(signature)) throw new Error("not a PNG");
  const data: Buffer[] = [];
  let width = 0;
  let height = 0;
  let channels: 3 | 4 = 3;
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6) || body[12] !== 0) throw new Error("a PNG of another kind");
      channels = body[9] === 6 ? 4 : 3;
    } else if (type === "IDAT") data.push(body);
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; ++x) {
      const a = x >= channels ? (pixels[y * stride + x - channels] ?? 0) : 0;
      const b = y > 0 ? (pixels[(y - 1) * stride + x] ?? 0) : 0;
      const c = x >= channels && y > 0 ? (pixels[(y - 1) * stride + x - channels] ?? 0) : 0;
      const value = raw[y * (stride + 1) + 1 + x] ?? 0;
      pixels[y * stride + x] = value + (filter === 1 ? a : filter === 2 ? b : filter === 3 ? (a + b) >> 1 : filter === 4 ? paeth(a, b, c) : 0);
    }
  }
  return { width, height, channels, pixels };
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** The same picture without an alpha that says nothing, by the filter that packs best. */
export function pack(picture: Picture): Buffer {
  const { width, height } = picture;
  const opaque = picture.channels === 3 || picture.pixels.every((value, i) => i % 4 !== 3 || value === 255);
  const channels = opaque ? 3 : 4;
  const rows = channels === picture.channels ? picture.pixels : picture.pixels.filter((_, i) => i % 4 !== 3);
  const stride = width * channels;
  const filtered = (filter: 0 | 2) => {
    const out = Buffer.alloc((stride + 1) * height);
    for (let y = 0; y < height; ++y) {
      out[y * (stride + 1)] = filter;
      for (let x = 0; x < stride; ++x) out[y * (stride + 1) + 1 + x] = (rows[y * stride + x] ?? 0) - (filter === 2 && y > 0 ? (rows[(y - 1) * stride + x] ?? 0) : 0);
    }
    return deflateSync(out, { level: 9, memLevel: 9 });
  };
  // Flat areas and sharp letters: the plain bytes or those less the row above are what packs best.
  const data = [filtered(0), filtered(2)].sort((a, b) => a.length - b.length)[0] ?? Buffer.alloc(0);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, channels === 3 ? 2 : 6, 0, 0, 0], 8);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, body: Buffer): Buffer {
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, "latin1");
  body.copy(out, 8);
  out.writeUInt32BE(crc(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});
function crc(bytes: Buffer): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (table[(c ^ byte) & 255] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
