// Files on their way to the server. XMLHttpRequest and not fetch, because it tells how far a body has gone.
import { ApiError, csrf, errorOf } from "./client";
import type { Schemas } from "./contract";
import { ask } from "./questions";

export type Upload = Schemas["Upload"];

export async function upload(file: File, progress: (sent: number) => void, signal?: AbortSignal): Promise<Upload> {
  try {
    return await sendOnce(file, progress, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    // Any question makes the page ask its reader to sign in; then the file goes once more.
    await ask("/api/v1/shops");
    return sendOnce(file, progress, signal);
  }
}

function sendOnce(file: File, progress: (sent: number) => void, signal?: AbortSignal): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/uploads?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    const token = csrf();
    if (token !== null) request.setRequestHeader("X-Behoud-CSRF", token);
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as Upload);
      else reject(errorOf(request.status, request.response, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => reject(errorOf(0, null));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}
