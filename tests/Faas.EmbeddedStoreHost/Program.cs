using Faas.Actors.Storage.Embedded;
using Faas.Actors.Storage.Redis;
using Microsoft.Extensions.Logging.Abstractions;

// A process that holds an embedded store, for tests that kill it. Prints redis-server's process id, or why it could
// not start (and exits with 1), and ends when its stdin does.

var options = new StoreOptions("test:", null, TimeSpan.FromSeconds(5), args[0], "redis-server");
await using var redis = new EmbeddedRedis(options, NullLogger<EmbeddedRedis>.Instance);
try
{
    await redis.StartAsync(CancellationToken.None);
}
catch (StoreStartException failure)
{
    Console.WriteLine(failure.Message);
    return 1;
}

Console.WriteLine(redis.ProcessId);
await Console.In.ReadToEndAsync();
return 0;
