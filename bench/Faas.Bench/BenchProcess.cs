using System.Net.Sockets;
using System.Runtime.InteropServices;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Bench.Libraries;
using Faas.Bench.Network;
using Faas.Bench.Reports;
using Faas.Bench.Scale;
using Faas.Bench.Settings;
using Faas.Testing;

namespace Faas.Bench;

/// <summary>The life of the bench's process; what keeps it from measuring is one line on stderr and an exit status of sysexits.h.</summary>
internal static class BenchProcess
{
    private const int Ok = 0;
    private const int WrongUsage = 64;
    private const int Unavailable = 69;
    private const int Interrupted = 130;

    public static int Run(string[] arguments)
    {
        BenchArguments asked;
        try
        {
            asked = BenchArguments.Parse(arguments);
        }
        catch (BenchException wrong)
        {
            return Fail(wrong.Message, WrongUsage);
        }

        if (!File.Exists(asked.Server))
        {
            return Fail($"--server {asked.Server}: there is no such file; `make build` makes it.", Unavailable);
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        try
        {
            Measure(asked, stop.Token);
            return Ok;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return Fail("interrupted", Interrupted); // what failed then failed for that
        }
        catch (Exception failed) when (failed is BenchException or ServerStartException or SandboxStartException
            or ProtocolException or StoreStartException or StoreException or TimeoutException
            or IOException or SocketException or HttpRequestException or UnauthorizedAccessException)
        {
            return Fail(failed.Message.ReplaceLineEndings(" "), Unavailable);
        }
    }

    private static void Measure(BenchArguments asked, CancellationToken stop)
    {
        if (asked.Scope == BenchScope.Scale)
        {
            var scale = new ScaleRun(asked, stop).Measure();
            ReportFiles.Publish(ScaleMarkdown.Whole(scale), asked.Results, $"{ReportFiles.NameOf(scale.Conditions)}-scale.md");
            return;
        }

        if (asked.Scope == BenchScope.Network)
        {
            var network = new NetworkRun(asked, stop).Measure();
            ReportFiles.Publish(network.ToMarkdown(), asked.Results, $"{ReportFiles.NameOf(network.Conditions)}-network.md");
            return;
        }

        if (asked.Scope == BenchScope.Libraries)
        {
            var libraries = new LibrariesRun(asked, stop).Measure();
            ReportFiles.Publish(libraries.ToMarkdown(), asked.Results, $"{ReportFiles.NameOf(libraries.Conditions)}-libraries.md");
            return;
        }

        using var bench = new BenchRun(asked, stop);
        var report = bench.Measure(stop);
        var name = ReportFiles.NameOf(report.Conditions);
        var text = asked.Scope == BenchScope.Quick ? MarkdownReport.Ratios(report) : MarkdownReport.Whole(report, $"{name}.svg");
        ReportFiles.Publish(text, asked.Results, $"{name}.md", ($"{name}.svg", SpeedPlot.Draw(report.Cells)));
    }

    // The slice that runs is ended, and everything is taken down in order.
    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private static int Fail(string line, int status)
    {
        Console.Error.WriteLine($"faas-bench: {line}");
        return status;
    }
}
