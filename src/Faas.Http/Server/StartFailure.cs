using System.Net.Sockets;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Storage.Redis;
using Faas.Http.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Faas.Http.Server;

/// <summary>Says in one line why the server did not start and how to mend it.</summary>
public static class StartFailure
{
    /// <summary>The line; null: the failure is a defect of the server, and its stack belongs in the log.</summary>
    public static string? Explain(Exception failed, HttpOptions http) => failed switch
    {
        SandboxStartException or StoreStartException => failed.Message.ReplaceLineEndings(" "),
        IOException { InnerException: AddressInUseException } =>
            $"faas.http.port = {http.Port}: another program listens on {http.Address}:{http.Port}; "
            + "stop it, or set HTTP_PORT to another port, or to 0 for a free one.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"faas.http.port = {http.Port}: this user may not listen there; set HTTP_PORT to a port from 1024 on.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            $"faas.http.host = {http.Address}: not an address of this machine; set HTTP_HOST to one that is.",
        AggregateException several => several.InnerExceptions.Select(one => Explain(one, http)).FirstOrDefault(line => line is not null),
        _ => failed.InnerException is { } inner ? Explain(inner, http) : null,
    };
}
