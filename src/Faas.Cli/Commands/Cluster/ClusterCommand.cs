using System.CommandLine;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Cluster;

/// <summary><c>faas cluster</c>: the members of the cluster.</summary>
internal static class ClusterCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make() => new Command("cluster", "shows the members of the cluster, as the server that is asked sees them")
        .Example("faas cluster", "faas cluster --server http://localhost:8081")
        .Does(async call =>
        {
            var cluster = await call.Client.Server.GetClusterAsync(call.Cancellation);
            if (call.Terminal.IsJson)
            {
                call.Terminal.Json(cluster, CliJson.Default.ClusterView);
                return ExitCode.Ok;
            }

            foreach (var line in ClusterTable.Of(cluster, DateTimeOffset.UtcNow))
            {
                call.Terminal.Out.WriteLine(line);
            }

            return ExitCode.Ok;
        });
}
