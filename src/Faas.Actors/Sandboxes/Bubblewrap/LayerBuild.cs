using System.Buffers;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Builds;
using Faas.Actors.Libraries.Layers;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// One sandbox that chooses versions, or installs those of a lock into a layer (runtimes/python/build.py, runtimes/node/layer.mjs).
/// </summary>
/// <param name="sandbox">The sandbox, which ends with this.</param>
/// <param name="order">What is asked for.</param>
/// <param name="options">The settings.</param>
/// <param name="store">Takes the layer.</param>
/// <param name="platform">What the layer is for.</param>
internal sealed class LayerBuild(
    ISandboxProcess sandbox, LayerOrder order, LibraryOptions options, LayerStore store, string platform) : IAsyncDisposable
{
    private readonly BuildSandbox _build = new(
        sandbox, "installer", options.BuildTimeout, "faas.libraries.build.timeout", "faas.libraries.build.memory", order.Says);

    private bool IsOfNode => order.Runtime == Runtime.Node;

    /// <summary>Builds it. Throws <see cref="CompilerException"/>, and <see cref="IOException"/> where there can be no registry.</summary>
    public async Task<LayerAnswer> RunAsync(SandboxRegistry registry, CancellationToken cancellation)
    {
        await _build.BeginAsync(registry, IsOfNode ? Ecosystem.Npm : Ecosystem.PyPi, cancellation, order.IsStored);
        try
        {
            return await _build.WithinTimeoutAsync(AskAsync, cancellation);
        }
        catch (CompilerException excess) when (_build.IsExcess(excess))
        {
            return Refused(excess.Message);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _build.DisposeAsync();

    private async Task<LayerAnswer> AskAsync(CancellationToken cancellation)
    {
        var request = new BuildRequest(
            order.Entry,
            order.Requirements,
            order.Dependencies,
            order.Lock,
            IsOfNode ? SandboxRegistry.NpmAddress : SandboxRegistry.PythonAddress,
            options.MaxFiles,
            options.MaxBytes);
        sandbox.Input.Write(JsonSerializer.SerializeToUtf8Bytes(request, RelaxedJson.SerializerOptions));
        sandbox.Input.Write("\n"u8);
        await sandbox.Input.FlushAsync(cancellation);
        while (true)
        {
            switch (await _build.ReadAsync<BuildAnswer>(cancellation))
            {
                case { Log: { } line }:
                    _build.AddToLog(line);
                    break;
                case { Refused: { } why }:
                    _build.RequireRegistry();
                    return Refused(why);
                case { Chosen: { } chosen } when order.Lock is null && !IsOfNode:
                    return Take(chosen);
                case { Built: not null } when order.Lock is { } @lock:
                    return await TakeAsync(@lock, cancellation);
                default:
                    throw new JsonException("it is no answer of a build");
            }
        }
    }

    private LayerAnswer Take(string chosen) =>
        chosen.Length == 0 ? new LayerAnswer(null, null, _build.Log)
        : PythonLock.Fault(chosen) is { } fault ? Refused($"The libraries cannot be locked: {fault}.")
        : new LayerAnswer(chosen, null, _build.Log);

    private async Task<LayerAnswer> TakeAsync(string @lock, CancellationToken cancellation)
    {
        try
        {
            await store.AddAsync(LayerName.Of(@lock, platform), sandbox.Output.AsStream(leaveOpen: true), cancellation);
            return new LayerAnswer(@lock, null, _build.Log);
        }
        catch (LayerException wrong)
        {
            return Refused(wrong.Message);
        }
    }

    private LayerAnswer Refused(string why) => new(null, _build.Refusal(why), _build.Log);
}
