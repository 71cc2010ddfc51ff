/** A square out of a picture. */

/** How near, from 1 (as much as fits) on, and where: 0 is the left or upper edge, 1 the other. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

/** As large as the largest photo the server makes, twice. */
const SIDE = 720;
export const NEAREST = 4;

interface Size {
  width: number;
  height: number;
}

/** The square of the picture that is shown, in its own pixels. */
export function squareOf({ width, height }: Size, { zoom, x, y }: View) {
  const side = Math.min(width, height) / zoom;
  return { left: (width - side) * x, top: (height - side) * y, side };
}

/** The view after the picture was dragged; the way is a share of the square's side. */
export function dragged(picture: Size, view: View, right: number, down: number): View {
  const { left, top, side } = squareOf(picture, view);
  const at = (was: number, by: number, room: number) =>
    room > 0 ? Math.min(1, Math.max(0, (was - by * side) / room)) : 0.5;
  return { ...view, x: at(left, right, picture.width - side), y: at(top, down, picture.height - side) };
}

export function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, view: View, isClear: boolean): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { left, top, side } = squareOf(picture, view);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!isClear) {
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/** The square as a file: with what is see-through as PNG, else as JPEG. Nothing else of the picture leaves the browser. */
export async function cut(picture: ImageBitmap, view: View, isClear: boolean): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.min(SIDE, Math.max(1, Math.round(squareOf(picture, view).side)));
  draw(canvas, picture, view, isClear);
  const type = isClear ? 'image/png' : 'image/jpeg';
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), type, 0.9),
  );
}
