using System.Net.Sockets;
using Faas.Actors.Configuration;
using Faas.Actors.Sandboxes;
using Faas.Http.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Faas.Http.Hosting;

/// <summary>
/// The life of the server's process: settings, start, the start line, the wait for a signal, the stop. What keeps it
/// from starting is one line on stderr and an exit status of sysexits.h.
/// </summary>
public static class FaasProcess
{
    private const int Ok = 0;
    private const int Unavailable = 69;
    private const int WrongConfiguration = 78;

    /// <summary>Runs until a signal ends it; returns the exit status.</summary>
    public static async Task<int> RunAsync()
    {
        FaasOptions options;
        try
        {
            options = FaasConfiguration.Load(Directory.GetCurrentDirectory(), AppContext.BaseDirectory, Environment.GetEnvironmentVariable);
        }
        catch (SettingException wrong)
        {
            return Fail(wrong.Message, WrongConfiguration);
        }

        using var impatience = SecondSignal.ExitsAtOnce();
        await using var app = FaasServer.Build(options, services => services.AddFaas(options));
        try
        {
            await app.StartAsync();
        }
        catch (Exception failed) when (WhyNotStarted(failed, options.Http) is { } why)
        {
            await app.StopAsync();
            return Fail(why, Unavailable);
        }

        Console.WriteLine($"Faas listens on {app.Urls.Single()}");
        await app.WaitForShutdownAsync();
        return Ok;
    }

    // Null: a defect, whose stack belongs on stderr.
    private static string? WhyNotStarted(Exception failed, HttpOptions http) => failed switch
    {
        SandboxStartException => failed.Message,
        Faas.Actors.Persistence.StoreStartException => failed.Message,
        IOException { InnerException: AddressInUseException } => $"faas.http.port = {http.Port}: another program listens on {http.Address}:{http.Port}; stop it, or set HTTP_PORT to another port or 0.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => $"faas.http.port = {http.Port}: this user may not listen there; set HTTP_PORT to a port from 1024.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => $"faas.http.host = {http.Address}: not an address of this machine; set HTTP_HOST to one that is.",
        AggregateException several => several.InnerExceptions.Select(one => WhyNotStarted(one, http)).FirstOrDefault(why => why is not null),
        _ => null,
    };

    private static int Fail(string line, int status)
    {
        Console.Error.WriteLine($"faas: {line.ReplaceLineEndings(" ")}");
        return status;
    }
}
