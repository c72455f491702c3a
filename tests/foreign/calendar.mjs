// Reads calendar files as a program of somebody else does, and says as JSON what it has understood of each.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const component = calendar.getFirstSubcomponent("vevent");
  const event = new ICAL.Event(component);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    class: component.getFirstPropertyValue("class"),
    status: component.getFirstPropertyValue("status"),
    location: event.location,
    organizer: event.organizer,
    attendees: event.attendees.map((each) => each.getFirstValue()),
    start: event.startDate.isDate ? event.startDate.toString() : event.startDate.toJSDate().toISOString(),
    minutes: event.startDate.isDate ? null : event.duration.toSeconds() / 60,
  };
}

console.log(JSON.stringify(JSON.parse(readFileSync(process.argv[2], "utf8")).map(read)));
