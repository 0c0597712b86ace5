import { share, type Marker, type Span } from './chart'

export interface MarkerLabel {
  /** The marker whose name is shown: the gravest, else the newest. */
  lead: Marker
  /** All that share the label, oldest first. */
  markers: Marker[]
  text: string
  /** Left edge and width in pixels. */
  left: number
  width: number
}

const charWidth = 6.2
const padding = 8
const widest = 160
const apart = 6

const grave = { bad: 2, warn: 1 }
const gravity = (marker: Marker) => (marker.severity ? grave[marker.severity] : 0)

function label(markers: Marker[], span: Span, width: number): MarkerLabel | null {
  const lead = [...markers].sort((a, b) => gravity(b) - gravity(a) || b.t - a.t)[0]
  if (!lead) return null
  const text = markers.length > 1 ? `${lead.label} +${markers.length - 1}` : lead.label
  const own = Math.min(widest, width, text.length * charWidth + padding)
  const left = Math.min(width - own, Math.max(0, share(span, lead.t) * width - own / 2))
  return { lead, markers, text, left, width: own }
}

/** A name may lose this share of its room to the one before it and end in an ellipsis; more, and the two are joined. */
const leastShare = 0.6

/** Beside `before` if there is room enough, else null. */
function beside(before: MarkerLabel, next: MarkerLabel): MarkerLabel | null {
  const left = Math.max(next.left, before.left + before.width + apart)
  const width = next.left + next.width - left
  return width >= next.width * leastShare ? { ...next, left, width } : null
}

/** Names above the markers of a chart `width` pixels wide; names that would cover each other become one: "summarise v8 +2". */
export function markerLabels(markers: Marker[], span: Span, width: number): MarkerLabel[] {
  const placed: MarkerLabel[] = []
  const within = markers.filter((marker) => marker.t >= span.from && marker.t <= span.to).sort((a, b) => a.t - b.t)
  for (const marker of within) {
    let next = label([marker], span, width)
    // A joined name is longer and may reach the one before it in turn.
    for (let before = placed.at(-1); next && before; before = placed.at(-1)) {
      const room = beside(before, next)
      if (room) {
        next = room
        break
      }
      placed.pop()
      next = label([...before.markers, ...next.markers], span, width)
    }
    if (next) placed.push(next)
  }
  return placed
}
