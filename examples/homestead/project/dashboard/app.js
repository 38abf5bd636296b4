import { byRoom, since } from './format.js';

const form = document.querySelector('#login');
const body = document.querySelector('#devices');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const entries = Object.fromEntries(new FormData(form));
  const response = await fetch('/login', { method: 'POST', body: JSON.stringify(entries) });
  const answer = await response.json();
  form.querySelector('output').value = response.ok ? `Hello ${answer.name}` : answer.error;
});

const devices = await (await fetch('/devices')).json();
for (const [room, list] of byRoom(devices)) {
  for (const device of list) {
    const row = body.insertRow();
    for (const text of [room, device.name, since(device.last_seen_at, new Date())]) row.insertCell().textContent = text;
  }
}
