// Sends single events for some seconds with Lago's JavaScript client, and collects them into batches as the component does. Prints the figures.
// usage: node messages.js <base URL with /api/v1> <seconds> <messages in flight>
const { Client } = require("lago-javascript-client");

const [baseUrl, seconds, inFlight] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = Client("benchmark-key", { baseUrl });
const [batchSize, concurrentBatches] = [100, 4];
let sent = 0;
let requests = 0;
let waiting = [];
let batches = 0;

const events = Array.from({ length: 10000 }, (_, i) => ({
  transaction_id: "018f2c1e-7d3a-7c44-9b1a-" + String(i).padStart(12, "0"),
  external_subscription_id: "sub_" + (i % 1000),
  code: "api_calls",
  timestamp: 1760000000 + (i % 86400),
  properties: { region: "eu-west-1", model: "large", tokens: i % 5000, endpoint: "/v1/completions" },
}));

// a batch is sent when it is full, or when none is in flight
function dispatch() {
  while (batches < concurrentBatches && (waiting.length >= batchSize || (batches === 0 && waiting.length > 0))) {
    const batch = waiting.splice(0, batchSize);
    batches++;
    requests++;
    client.events.createBatchEvents({ events: batch.map((message) => message.event) })
      .then(() => batch.forEach((message) => message.resolve()), (error) => batch.forEach((message) => message.reject(error)))
      .finally(() => { batches--; dispatch(); });
  }
}

function send(event) {
  return new Promise((resolve, reject) => {
    waiting.push({ event, resolve, reject });
    dispatch();
  });
}

async function loop(until) {
  while (performance.now() < until) {
    await send(events[sent++ % events.length]);
  }
}

async function run(millis) {
  const until = performance.now() + millis;
  await Promise.all(Array.from({ length: inFlight }, () => loop(until)));
}

(async () => {
  await run(1000); // warm-up
  const [markSent, markRequests] = [sent, requests];
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run(seconds * 1000);
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({
    requests: requests - markRequests,
    items: sent - markSent,
    seconds: (performance.now() - start) / 1000,
    cpu_seconds: (used.user + used.system) / 1e6,
  }));
})();
