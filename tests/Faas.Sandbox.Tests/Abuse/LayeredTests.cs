using System.Net.Sockets;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>
/// Hostile scripts that have libraries, and may reach hosts. The variable <c>FAAS_TEST_ABUSE</c> = <c>all</c> has every hostile script of
/// Python in the other classes tried; without it, those that a layer or a door could help are.
/// </summary>
[TestLimit(300)]
public sealed class LayeredTests
{
    private const string All = "all";
    private const string Known = "known";
    private const string Stranger = "stranger";

    private static readonly string[] s_whatALayerCouldHelp =
    [
        "programs, settings and the runtime itself", "everything mounted anew", "a program that runs as its owner", "mounts, old and new",
        "every signal to process 1", "everybody killed", "modules in place of the language's own",
        "her mounts, by new ones, by handles and by another root",
    ];

    private static bool IsAll => Environment.GetEnvironmentVariable("FAAS_TEST_ABUSE") == All;

    [Fact]
    public async Task The_walls_stand_with_a_layer_that_is_trusted_or_not_and_an_open_door()
    {
        using var registry = new PackageServer();
        var wheels = new PythonWheels(registry);
        wheels.Publish(Known, "1.0", "import json\nvalue = json.dumps([1])");
        wheels.Publish(Stranger, "1.0", "import json\nvalue = json.dumps([1])");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var socketName = $"faas-layered-{Path.GetRandomFileName()}";
        socket.Bind(new UnixDomainSocketEndPoint($"\0{socketName}"));
        socket.Listen();
        var server = await AbuseServer.StartAsync(
            "fork",
            TimeSpan.FromMinutes(2),
            socketName,
            $", network {{ allow = [\"*\"] }}, libraries {{ minimum-age = 0, python {{ preload = [{Known}], "
                + $"registry = \"{wheels.Index}\" }} }}");
        foreach (var (attempt, library) in Attempts())
        {
            await server.ProveAsync(
                attempt with { Source = $"import {library}\n{attempt.Source}" },
                new { allow = new[] { "*.example.org", "api.example.com:443" } },
                [library]);
        }

        await server.StopAsync();
    }

    // To install a library takes seconds, so the libraries take turns unless all is wanted.
    private static IEnumerable<(Attempt Attempt, string Library)> Attempts() =>
        ((IReadOnlyList<Attempt>[])[FilesystemTests.All, KernelTests.All, ProcessTests.All, LeakingTests.All, MotherTests.All])
        .SelectMany(attempts => attempts)
        .Where(attempt => attempt.Language == "python" && !attempt.MayTimeOut && (IsAll || s_whatALayerCouldHelp.Contains(attempt.What)))
        .SelectMany((attempt, turn) => (IsAll ? [Known, Stranger] : (string[])[turn % 2 == 0 ? Known : Stranger])
            .Select(library => (attempt, library)));
}
