using System.Net.Sockets;
using Faas.Actors.Cluster;
using Faas.Actors.Egress.Tls;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Storage.Redis;
using Faas.Http.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Faas.Http.Server;

/// <summary>Why the server did not start, and how to mend it.</summary>
/// <param name="Line">One line for the operator.</param>
/// <param name="MayPass">
/// What is missing lies outside the server and may come by itself, such as a Redis that is still starting: another attempt makes sense.
/// </param>
public sealed record StartFailure(string Line, bool MayPass)
{
    /// <summary>The reason; null: the failure is a defect of the server, and its stack belongs in the log.</summary>
    public static StartFailure? Of(Exception failed, HttpOptions http) => failed switch
    {
        SandboxStartException => new(failed.Message.ReplaceLineEndings(" "), MayPass: false),
        AuthorityException => new(failed.Message, MayPass: false),
        ClusterStartException cluster => new(failed.Message, cluster.MayPass),
        StoreStartException store => new(failed.Message.ReplaceLineEndings(" "), store.MayPass),
        IOException { InnerException: AddressInUseException } => new(
            $"faas.http.port = {http.Port}: another program listens on {http.Address}:{http.Port}; "
            + "stop it, or set HTTP_PORT to another port, or to 0 for a free one.",
            MayPass: true),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => new(
            $"faas.http.port = {http.Port}: this user may not listen there; set HTTP_PORT to a port from 1024 on.",
            MayPass: false),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => new(
            $"faas.http.host = {http.Address}: not an address of this machine; set HTTP_HOST to one that is.",
            MayPass: true),
        AggregateException several => several.InnerExceptions.Select(one => Of(one, http)).FirstOrDefault(reason => reason is not null),
        _ => failed.InnerException is { } inner ? Of(inner, http) : null,
    };
}
