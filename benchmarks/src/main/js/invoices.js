// Reads a list of invoices repeatedly for some seconds with Lago's JavaScript client, and prints the figures.
// usage: node invoices.js <base URL with /api/v1> <seconds> <pages in flight>
const { Client } = require("lago-javascript-client");

const [baseUrl, seconds, concurrency] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = Client("benchmark-key", { baseUrl });
let pages = 0;
let records = 0;

async function read(page) {
  const { data } = await client.invoices.findAllInvoices({ page, per_page: 100 });
  data.invoices.forEach(() => records++);
  pages++;
  return data.meta;
}

async function list() {
  const first = await read(1);
  let next = 2;
  async function others() {
    while (next <= first.total_pages) {
      await read(next++);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, others));
}

async function run(millis) {
  const until = performance.now() + millis;
  while (performance.now() < until) {
    await list();
  }
}

(async () => {
  await run(1000); // warm-up
  const mark = [pages, records];
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run(seconds * 1000);
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({
    requests: pages - mark[0],
    items: records - mark[1],
    seconds: (performance.now() - start) / 1000,
    cpu_seconds: (used.user + used.system) / 1e6,
  }));
})();
