using System.Net;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>Many calls of every kind, after which the server has nothing that it had not before. <c>FAAS_SOAK_CALLS</c> says how many.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Callers = 4;

    // What is left when all is at rest for as long as idle sandboxes are kept.
    private const int Spares = 2;

    private static readonly (string Path, object Body, HttpStatusCode Status)[] s_calls =
    [
        ("/run/py", new { input = new { n = 1 } }, HttpStatusCode.OK),
        ("/run/js", new { input = new { n = 1 } }, HttpStatusCode.OK),
        ("/run/shared", new { }, HttpStatusCode.OK),
        ("/run/py", new { stream = true }, HttpStatusCode.OK),
        ("/run/fails", new { }, HttpStatusCode.InternalServerError),
        ("/run/none", new { }, HttpStatusCode.NotFound),
        ("/run/leaves", new { }, HttpStatusCode.OK),
        ("/run-now", new { language = "javascript", code = "return [1]" }, HttpStatusCode.OK),
    ];

    [Fact]
    public async Task After_many_calls_of_every_kind_nothing_has_grown()
    {
        var calls = FaultRun.Calls(400);
        await using var server = await FaasServer.StartAsync("faas.pool { size = 8, idle-ttl = 2s, spares { node = 1, python = 1, max = 0 } }");
        await server.UploadAsync("py", "python", "print(event)\nreturn event.get('n')");
        await server.UploadAsync("js", "javascript", "console.log(event); return event.n ?? null;");
        await server.UploadAsync("fails", "javascript", "throw new Error('no')");
        await server.UploadAsync("leaves", "python", "import os, subprocess\nopen('/tmp/left', 'w').close()\nsubprocess.Popen(['/bin/sleep', '600'], start_new_session=True)\nreturn 1");
        using (var shared = await server.PostAsync("/upload", new { path = "shared", language = "python", code = "return 1", isolation = "shared" }))
        {
            Assert.Equal(HttpStatusCode.OK, shared.StatusCode);
        }

        await CallAsync(server, calls / 2);
        var before = await LookAsync(server);
        await CallAsync(server, calls);
        var after = await LookAsync(server);

        output.WriteLine($"{before}\n{after}");
        Assert.Equal((before.Sandboxes, before.Cgroups, before.Processes, before.TempFiles), (after.Sandboxes, after.Cgroups, after.Processes, after.TempFiles));
        Assert.InRange(after.Descriptors, 0, before.Descriptors + 3); // a connection to Redis or a timer's that comes and goes
        Assert.InRange(after.Threads, 0, before.Threads + 10); // the thread pool's own affair
        await server.EndAsync();
    }

    private static async Task CallAsync(FaasServer server, int calls) => await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
    {
        using var client = new HttpClient { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
        for (var turn = caller; turn < calls; turn += Callers)
        {
            var (path, body, status) = s_calls[turn % s_calls.Length];
            using var response = await client.PostAsync(new Uri(path, UriKind.Relative), System.Net.Http.Json.JsonContent.Create(body));
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == status, $"{path}: {response.StatusCode} {text}");
        }
    }));

    private static async Task<Holdings> LookAsync(FaasServer server)
    {
        Holdings? seen = null;
        await Wire.EventuallyAsync(
            async () =>
            {
                var pool = (await server.LookAsync()).Pool;
                var processes = server.Processes();
                seen = new Holdings(
                    pool.Unused,
                    SandboxTraces.Sandboxes($"{server.Pid}-").Count,
                    processes.Count(process => process.IsZygote),
                    Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"faas-*-{server.Pid}-*").Count(),
                    Directory.GetFiles($"/proc/{server.Pid}/fd").Length,
                    Directory.GetDirectories($"/proc/{server.Pid}/task").Length,
                    server.ResidentBytes() >> 20);
                return pool.IsAtRest
                    && seen.Sandboxes == Spares
                    && seen.Cgroups == seen.Sandboxes
                    && seen.Processes == seen.Sandboxes
                    && processes.All(process => !process.IsOfInvocation);
            },
            TimeSpan.FromSeconds(30),
            () => $"it does not come to rest: {seen}; {string.Join(", ", server.Processes())}");
        return seen!;
    }

    /// <summary>What a server has.</summary>
    private sealed record Holdings(int Sandboxes, int Cgroups, int Processes, int TempFiles, int Descriptors, int Threads, long ResidentMebibytes);
}
