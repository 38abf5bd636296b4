/** Devices grouped by room, rooms in alphabetical order, those without a room last. */
export function byRoom(devices) {
  const rooms = new Map();
  for (const device of devices) {
    const room = device.room ?? 'Somewhere';
    rooms.set(room, [...(rooms.get(room) ?? []), device]);
  }
  const rank = ([room]) => (room === 'Somewhere' ? '\uffff' : room);
  return new Map([...rooms].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)));
}

/** "3 h ago" for a moment written as ISO 8601. */
export function since(moment, now) {
  if (!moment) return 'never';
  const minutes = Math.max(0, Math.round((now.getTime() - Date.parse(moment)) / 60_000));
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} days ago`;
}
