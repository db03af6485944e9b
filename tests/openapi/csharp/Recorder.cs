using System.Reflection;

namespace Faas.GeneratedClient;

/// <summary>Passes calls on to the client, and notes which methods were called.</summary>
public class Recorder : DispatchProxy
{
    private readonly HashSet<string> _called = [];
    private IFaasClient? _client;

    /// <summary>The methods that were not called.</summary>
    public IEnumerable<string> Missing => typeof(IFaasClient).GetMethods().Select(method => method.Name).Except(_called);

    /// <summary>How many methods the client has.</summary>
    public static int Count => typeof(IFaasClient).GetMethods().Select(method => method.Name).Distinct().Count();

    /// <summary>A client before this one, and what it notes.</summary>
    public static (IFaasClient Client, Recorder Recorder) Of(IFaasClient client)
    {
        var proxy = Create<IFaasClient, Recorder>();
        var recorder = (Recorder)(object)proxy;
        recorder._client = client;
        return (proxy, recorder);
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _called.Add(targetMethod!.Name);
        return targetMethod.Invoke(_client, args);
    }
}
