using System.Net;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>A zygote that does not keep to runtimes/PROTOCOL.md (nonsense.py), in real sandboxes of a real server.</summary>
[TestLimit(300)]
public sealed class NonsenseTests(ITestOutputHelper output)
{
    private const string Settings = "faas.pool { running = 4, sandboxes = 4, spares { node = 0, python = 1, max = 0 } }";

    // Says what it is asked to; and goes on then, as long as it may.
    private const string Speaker = """
        import time
        if event['say']:
            print('nonsense: ' + event['say'], flush=True)
            time.sleep(event['seconds'])
        return event['echo']
        """;

    private static readonly string[] s_inTheMiddle =
    [
        "an unknown type", "an absurd length", "a length of none", "a frame of the server's", "READY again", "an END that is none",
        "an END that is no JSON", "half a frame and its end", "half a header and its end", "nothing but its end",
    ];

    private static readonly string[] s_afterwards =
        ["END twice, later", "a result for no call, later", "a whole answer to no call, later", "garbage, later"];


    [Fact]
    public async Task A_call_in_the_middle_of_which_nonsense_comes_ends_as_sandbox_is_not_run_again_and_the_pool_is_full_within_a_second()
    {
        await using var faas = await Speaking.StartAsync();
        foreach (var nonsense in s_inTheMiddle)
        {
            var asked = faas.Asked;
            var reply = await faas.SayAsync(nonsense, seconds: 30);

            Assert.True((HttpStatusCode.ServiceUnavailable, "sandbox") == (reply.Status, reply.Reason), $"{nonsense}: {reply}");
            await faas.IsFullAsync(nonsense);
            Assert.Equal("\"well\"", (await faas.SayAsync("", "well")).Data);

            // What the zygotes are asked is counted by a reader of its own, which may come after the reply.
            await Eventually.HoldsAsync(
                () => faas.Asked >= asked + 2, TimeSpan.FromSeconds(10), () => $"{nonsense}: {faas.Asked - asked} of two runs");
            Assert.True(asked + 2 == faas.Asked, $"{nonsense}: it was run {faas.Asked - asked - 1} times.");
        }

        await faas.Server.EndAsync();
    }

    [Fact]
    public async Task A_call_in_whose_frame_the_zygote_falls_silent_ends_at_its_timeout()
    {
        await using var faas = await Speaking.StartAsync(timeoutSeconds: 5);

        Assert.Equal("timeout", (await faas.SayAsync("half a frame and silence", seconds: 30)).Reason);

        await faas.IsFullAsync("silence");
        Assert.Equal("\"well\"", (await faas.SayAsync("", "well")).Data);
        await faas.Server.EndAsync();
    }

    [Fact]
    public async Task What_comes_after_the_end_of_a_call_is_no_answer_to_the_next()
    {
        await using var faas = await Speaking.StartAsync();
        foreach (var nonsense in s_afterwards)
        {
            var said = faas.Said;
            Assert.Equal("\"first\"", (await faas.SayAsync(nonsense, "first")).Data);
            await Eventually.HoldsAsync(() => faas.Said > said, TimeSpan.FromSeconds(10), () => $"{nonsense} is not said");

            var next = await faas.SayAsync("", "next");
            Assert.True(
                (HttpStatusCode.ServiceUnavailable, "sandbox") == (next.Status, next.Status == HttpStatusCode.OK ? next.Data : next.Reason),
                $"{nonsense}: {next}");
            await faas.IsFullAsync(nonsense);
            Assert.Equal("\"well\"", (await faas.SayAsync("", "well")).Data);
        }

        await faas.Server.EndAsync();
    }

    [Fact]
    public async Task Whatever_is_said_whenever_by_whichever_each_call_has_its_own_answer_or_is_our_fault()
    {
        // An answer to no call that comes while another call runs is that one's to the server: of this the protocol knows nothing.
        output.WriteLine($"FAAS_FAULT_SEED={FaultRun.Seed}");
        var random = new Random(FaultRun.Seed);
        string[] sayings = [.. s_inTheMiddle, "END twice", "garbage, later", "", "", "", "", "", "", "", "", "", ""];
        var calls = Enumerable.Range(0, 10 * FaultRun.Rounds(6))
            .Select(number => (Number: number, Say: sayings[random.Next(sayings.Length)]))
            .ToList();
        await using var faas = await Speaking.StartAsync();

        var asked = faas.Asked; // the trial of the walls at the start is a call, too
        var replies = new System.Collections.Concurrent.ConcurrentBag<(string Say, string Echo, Reply Reply)>();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async caller =>
        {
            foreach (var (number, say) in calls.Where(call => call.Number % 3 == caller))
            {
                replies.Add((say, $"\"{number}\"", await faas.SayAsync(say, $"{number}", s_inTheMiddle.Contains(say) ? 30 : 0)));
            }
        }));

        Assert.Equal(calls.Count, replies.Count);
        Assert.All(replies, call => Assert.True(
            call.Reply.Status == HttpStatusCode.OK
                ? call.Reply.Data == call.Echo && !s_inTheMiddle.Contains(call.Say)
                : call.Reply.Reason == "sandbox",
            $"{call.Say}, {call.Echo}: {call.Reply}"));
        Assert.True(faas.Asked - asked <= calls.Count, $"{calls.Count} calls were run {faas.Asked - asked} times.");
        output.WriteLine(
            $"{replies.Count} calls, {replies.Count(call => call.Reply.Status == HttpStatusCode.OK)} good, run {faas.Asked - asked} times");
        await faas.IsFullAsync("at last");
        await faas.Server.EndAsync();
    }

    /// <summary>A server on the zygote that speaks nonsense, with one script that tells it what to say.</summary>
    private sealed class Speaking : IAsyncDisposable
    {
        // A second, on a machine that does nothing else.
        private static readonly TimeSpan s_full = TimeSpan.FromSeconds(5);
        private readonly OwnRuntimes _runtimes;
        private readonly FileStream _pipe;
        private readonly Task _counting;
        private readonly object _lock = new();
        private string _told = "";

        private Speaking(OwnRuntimes runtimes, FaasServer server, FileStream pipe)
        {
            (_runtimes, Server, _pipe) = (runtimes, server, pipe);
            _counting = CountAsync();
        }

        public FaasServer Server { get; }

        /// <summary>How often a zygote was asked to run the script.</summary>
        public int Asked => Told("asked");

        /// <summary>How often one has said something after the end of a call.</summary>
        public int Said => Told("said");

        public static async Task<Speaking> StartAsync(int timeoutSeconds = 60)
        {
            var runtimes = OwnRuntimes.Make();
            var folder = Path.Combine(runtimes.Folder, "python");
            File.Copy(Repository.File("tests/Faas.Sandbox.Tests/Faults/nonsense.py"), Path.Combine(folder, "zygote.py"), true);
            var told = Path.Combine(folder, "told");
            HostProgram.Run("mkfifo", "-m", "666", told);
            var pipe = new FileStream(told, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            var faas = new Speaking(
                runtimes, await FaasServer.StartAsync($"{runtimes.Settings}\n{Settings}\nfaas.sandbox.timeout = {timeoutSeconds}"), pipe);
            await faas.Server.UploadAsync("speaker", "python", Speaker);
            Assert.Equal("\"well\"", (await faas.SayAsync("", "well")).Data);
            await faas.Server.IsAtRestAsync();
            return faas;
        }

        public Task<Reply> SayAsync(string say, string echo = "", int seconds = 0) =>
            Server.RunAsync("speaker", new { say, echo, seconds });

        /// <summary>The spare and nothing of a call are there; the call's own sandbox is gone or idle.</summary>
        public async Task IsFullAsync(string after)
        {
            await Server.IsAtRestAsync(atLeast: 1, s_full);
            Assert.True((await Server.LookAsync()).IsReady, $"not ready after {after}");
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await _pipe.WriteAsync("."u8.ToArray());
            await _counting;
            await _pipe.DisposeAsync();
            _runtimes.Dispose();
        }

        private int Told(string what)
        {
            lock (_lock)
            {
                return _told.Split('\n').Count(line => line == what);
            }
        }

        private async Task CountAsync()
        {
            var buffer = new byte[4096];
            while (true)
            {
                var read = buffer.AsMemory(0, await _pipe.ReadAsync(buffer));
                if (read.Span.Contains((byte)'.'))
                {
                    return;
                }

                lock (_lock)
                {
                    _told += System.Text.Encoding.ASCII.GetString(read.Span);
                }
            }
        }
    }
}
