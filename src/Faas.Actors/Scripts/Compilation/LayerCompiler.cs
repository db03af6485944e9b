namespace Faas.Actors.Scripts.Compilation;

/// <summary>Gives Python code the lock of its libraries.</summary>
public sealed class LayerCompiler(ILayerBuilder builder)
{
    /// <summary>The code with its lock; as it is, if it declares no library. A failure is in the result; only cancellation throws.</summary>
    public async Task<Preparation> CompileAsync(ScriptCode script, Action<string>? log, CancellationToken cancellation)
    {
        try
        {
            return await builder.BuildAsync(LayerOrder.Of(script) with { Says = log }, cancellation) switch
            {
                { Refused: { } why, Log: var all } => new LibrariesRefused(why, all),
                { Lock: { } @lock } when script.Lock is null => new Prepared(script.With(@lock)),
                _ => new Prepared(script), // code whose lock is known keeps its hash, which is its name in the store
            };
        }
        catch (CompilerException broken)
        {
            return new CompilerFailed(broken.Message);
        }
    }
}
