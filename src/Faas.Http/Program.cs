using Faas.Http.Hosting;

return await FaasProcess.RunAsync(args);
